export * from './view';
export { browserClientOptions } from './browser/browser-options';
export { fetchRestApi } from './browser/fetch-rest-api';
export { socketIoConnect } from './browser/socket-io';
export { createClient } from './shell/client';
export * from './shell/options';
export type { ClientStorage, UserStorage } from './storage/client-storage';
export { MemoryStorage } from './storage/memory-storage';
