export { roomsRowShapes } from '../row-shapes';
