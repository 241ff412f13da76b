import { ForwardMigration } from '../forward-migration';

/** Identity of the database's timeline. */
export class Timelines1800000000000 extends ForwardMigration {
  readonly name = 'Timelines1800000000000';
  readonly sql = `
    -- One row: a restored backup or a promoted replica gets a new epoch.
    create table timelines (
      only_row boolean primary key default true check (only_row),
      epoch uuid not null default gen_random_uuid(),
      system_identifier text not null,
      timeline text not null
    );
  `;
}
