export * from './database';
export { type Dump, restoreDump, takeDump, withClient } from './dump';
