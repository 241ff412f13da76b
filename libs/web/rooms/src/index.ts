export { Rooms } from './rooms';
