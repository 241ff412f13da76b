export { Chats } from './chats';
export { Permalink } from './permalink';
