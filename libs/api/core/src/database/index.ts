export { Database, isConnectionLost, isRetriable, postgresCode } from './database';
export { DatabaseModule } from './database.module';
export { dataSourceOptions, runMigrations } from './connect';
export { migrations } from './migrations';
