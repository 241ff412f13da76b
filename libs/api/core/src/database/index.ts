export { Database, isConnectionLost, isRetriable, postgresCode } from './database';
export { DatabaseModule } from './database.module';
export { runMigrations } from './connect';
export { migrations } from './migrations';
