export { Lobby } from './lobby';
