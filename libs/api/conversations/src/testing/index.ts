export * from './log-node';
export { conversationsJsonShapes, conversationsRowShapes } from '../row-shapes';
export * from '../rows';
