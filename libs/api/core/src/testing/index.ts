export * from './api-process';
export * from './database';
