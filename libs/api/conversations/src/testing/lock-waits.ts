import type { TestDatabase } from '@cloudhop/api/database/testing';

/** Resolves once at least `count` statements of the spec's database wait for a lock. */
export async function lockWaits(database: TestDatabase, count = 1): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const waiting = await database.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length >= count) return;
    if (Date.now() > deadline) throw new Error(`only ${waiting.length} of ${count} statements wait for a lock`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
}
