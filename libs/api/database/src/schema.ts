import { createHash } from 'node:crypto';
import type { ForwardMigration } from './forward-migration';

/** Migrations and SQL files of one library. */
export interface SchemaPart {
  /** Versioned migrations: tables, types, indexes and data. Each runs once. */
  readonly migrations: readonly (new () => ForwardMigration)[];
  /** Texts of the files in `sql/`, one function or view each. Applied again whenever they change. */
  readonly sql: readonly string[];
}

/** One `create or replace` statement. */
export interface SqlFile {
  readonly kind: 'function' | 'view';
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Whole schema of the database, as this code knows it. */
export interface Schema {
  /** Rises with every change of a migration, a function or a view. */
  readonly ordinal: number;
  /** Lowest ordinal whose code works with this schema: that of the release before. */
  readonly oldestOrdinal: number;
  readonly migrations: readonly (new () => ForwardMigration)[];
  readonly views: readonly SqlFile[];
  readonly functions: readonly SqlFile[];
  readonly takeover: Takeover;
}

/** State of an older database, from before the migrations were squashed, that can be taken over as it is. */
interface Takeover {
  /** The commit whose start leaves a database in this state. */
  readonly commit: string;
  /** `fingerprintOf` its catalogue. */
  readonly fingerprint: string;
  /** Names of the migrations that such a database has already. */
  readonly baselines: readonly string[];
}

const statement = /^create or replace (function|view) (\w+)/m;

/** Parses the text of a file in `sql/`. Throws if it holds no `create or replace` statement. */
function toSqlFile(text: string): SqlFile {
  const [, kind, name] = statement.exec(text) ?? [];
  if (kind === undefined || name === undefined) throw new Error(`No function and no view: ${text.slice(0, 100)}`);
  const checksum = createHash('sha256').update(text).digest('hex');
  return { kind: kind as SqlFile['kind'], name, text, checksum };
}

/** Joins the parts of all libraries. */
export function joinParts(parts: readonly SchemaPart[]): Pick<Schema, 'migrations' | 'views' | 'functions'> {
  const files = parts.flatMap(({ sql }) => sql).map(toSqlFile);
  const names = files.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new Error(`${repeated} stands in two files`);
  return {
    // In the order in which TypeORM runs them: by the stamp in the name.
    migrations: parts.flatMap(({ migrations }) => migrations).sort((a, b) => stampOf(a).localeCompare(stampOf(b))),
    views: files.filter(({ kind }) => kind === 'view'),
    functions: files.filter(({ kind }) => kind === 'function'),
  };
}

const stampOf = (Migration: Schema['migrations'][number]): string => new Migration().name.slice(-13);

/** Returns the checksum of all functions and views. A change asks for a higher ordinal. */
export function checksumOf({ views, functions }: Pick<Schema, 'views' | 'functions'>): string {
  const lines = [...views, ...functions].map(({ name, checksum }) => `${name} ${checksum}`).sort();
  return shortHash(lines.join('\n'));
}

/** Returns the checksum of each versioned migration, by name. */
export function migrationChecksums({ migrations }: Pick<Schema, 'migrations'>): Record<string, string> {
  return Object.fromEntries(
    migrations.map((Migration) => {
      const { name, sql } = new Migration();
      return [name, shortHash(sql)];
    }),
  );
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
