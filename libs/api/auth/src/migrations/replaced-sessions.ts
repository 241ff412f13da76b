import { ForwardMigration } from '@cloudhop/api/database';

/** Sessions that another one has replaced: a guest who registers goes on with a new family of refresh tokens. */
export class ReplacedSessions1800000011001 extends ForwardMigration {
  readonly name = 'ReplacedSessions1800000011001';
  readonly sql = `
    -- Both or neither. A release that ignores them keeps the replaced session until it expires.
    alter table sessions add column replaced_by uuid, add column replaced_at timestamptz;
  `;
}
