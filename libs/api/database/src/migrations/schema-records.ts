import { ForwardMigration } from '../forward-migration';

/** Records of the schema itself: which version the database has, and which files of SQL were applied. */
export class SchemaRecords1800000005000 extends ForwardMigration {
  readonly name = 'SchemaRecords1800000005000';
  readonly sql = `
    create table schema_version (
      only_row boolean primary key default true check (only_row),
      -- The highest ordinal that was applied. Older code applies nothing.
      ordinal integer not null,
      -- The lowest ordinal whose code works with this database. Older code does not start.
      oldest_ordinal integer not null
    );

    -- Functions and views: the checksum of the text that was applied last.
    create table schema_files (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    );
  `;
}
