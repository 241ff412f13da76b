export { Conversation } from './conversation';
export { LogSkeleton } from './log/log-skeleton';
export { PinsOverlay } from './pins/pins-overlay';
