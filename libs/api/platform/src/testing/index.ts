export * from './api-process';
export * from './redis-server';
