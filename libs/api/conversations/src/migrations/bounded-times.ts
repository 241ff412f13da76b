import { ForwardMigration } from '@cloudhop/api/database';

/** Moves the times that users gave into the years 2000 to 2199, where every part of the product can render them. */
export class BoundedTimes1800000013001 extends ForwardMigration {
  readonly name = 'BoundedTimes1800000013001';
  readonly sql = `
    -- The bounds of stored_time_v1, which functions apply from now on, also for nodes of the release before.
    update memberships set muted_until = greatest(least(muted_until, '2199-12-31 23:59:59.999Z'), '2000-01-01 00:00:00Z')
    where muted_until > '2199-12-31 23:59:59.999Z' or muted_until < '2000-01-01 00:00:00Z';
    update memberships set quiet_until = greatest(least(quiet_until, '2199-12-31 23:59:59.999Z'), '2000-01-01 00:00:00Z')
    where quiet_until > '2199-12-31 23:59:59.999Z' or quiet_until < '2000-01-01 00:00:00Z';
  `;
}
