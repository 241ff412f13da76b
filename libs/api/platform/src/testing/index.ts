export * from './api-process';
