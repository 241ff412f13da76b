export * from './log-node';
export * from '../rows';
