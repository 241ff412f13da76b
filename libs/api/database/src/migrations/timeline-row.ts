import { ForwardMigration } from '../forward-migration';

/**
 * Identity of the timeline's row: a dump that is restored into the same server keeps system identifier and timeline.
 * Empty at first, so the next call of epoch_v1 makes a new epoch.
 */
export class TimelineRow1800000016000 extends ForwardMigration {
  readonly name = 'TimelineRow1800000016000';
  readonly sql = `
    alter table timelines
      add column database_oid oid,
      -- The xmin of the row: every restore of a dump writes the row anew.
      add column written_by xid;
  `;
}
