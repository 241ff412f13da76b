export * from '../core/events';
export * from '../core/state';
export { isCaughtUp } from '../core/connection';
export { step } from '../core/step';
export { Timelines } from '../core/timeline';
export { wholeWrite } from '../core/writes';
export * from '../storage/client-storage';
export * from '../storage/stored-user';
export { ModelLog } from './model-log';
