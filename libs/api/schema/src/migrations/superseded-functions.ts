import { ForwardMigration } from '@cloudhop/api/database';

/** Drops unused functions of databases from before the squash. Newer databases never had them. */
export class SupersededFunctions1800000006000 extends ForwardMigration {
  readonly name = 'SupersededFunctions1800000006000';
  readonly sql = `
    drop function if exists
      log_change_v1(integer, text, uuid, uuid, uuid, text, uuid, text, boolean, integer),
      membership_change_v2(uuid, uuid, uuid, text, text, timestamptz, integer),
      membership_change_v1(uuid, uuid, uuid, text, text, timestamptz, integer),
      conversation_settings_v1(uuid, text, integer, bigint),
      read_marks_v1(json),
      read_marks_v2(json),
      personal_changes_v1(uuid, bigint, integer),
      personal_changes_v2(uuid, bigint, integer),
      user_rename_v1(uuid, text),
      membership_mark_v1(uuid, uuid, boolean, boolean, bigint, integer),
      settings_change_v1(uuid, text, boolean),
      search_pending_v1(uuid[], integer),
      search_write_v1(json);
    drop type if exists membership_verdict_v1;
  `;
}
