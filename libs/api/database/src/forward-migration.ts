import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Base class of the versioned migrations: tables, types, indexes and data, never a function.
 * A landed migration is never edited, works with the code of the release before, and has no way back.
 */
export abstract class ForwardMigration implements MigrationInterface {
  /** The class's name with the time at which it was written: TypeORM sorts by it and records it. */
  abstract readonly name: string;
  abstract readonly sql: string;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(this.sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
