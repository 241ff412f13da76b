export * from './api-process';
export * from './database';
export { type Dump, restoreDump, takeDump, withClient } from './dump';
