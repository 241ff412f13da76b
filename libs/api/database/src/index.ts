export { Database } from './database';
export { DatabaseModule } from './database.module';
export { readCatalogue } from './catalogue';
export { columnsOf, selectList } from './columns';
export { databaseSchema } from './database-schema';
export { dataSourceOptions } from './connect';
export { ForwardMigration } from './forward-migration';
export { type MigrationListener, type MigrationReport, migrate } from './migrate';
export { type Schema, type SchemaPart, checksumOf, joinParts, migrationChecksums } from './schema';
