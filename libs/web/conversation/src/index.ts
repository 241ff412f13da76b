export { Conversation } from './log/conversation';
export { LogSkeleton } from './log/log-skeleton';
export { Trouble } from './log/trouble';
