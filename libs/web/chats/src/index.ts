export { Chats } from './chats';
