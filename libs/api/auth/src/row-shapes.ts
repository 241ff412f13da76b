import { columnsOf } from '@cloudhop/api/database';
import type { EndedSessionRow } from './sessions.repository';
import type { UserRow } from './user-mapping';
import type { ProfileVerdict } from './users.repository';

/**
 * Columns by the type, function or table that they come from; a spec compares them with the catalogue. Of a table they
 * may be a part.
 */
export const authRowShapes = {
  profile_change_v1: columnsOf<ProfileVerdict>()('verdict', 'retry_after_ms', 'rev', 'author'),
  session_end_v1: columnsOf<EndedSessionRow>()('user_id', 'rev'),
};

/** Keys of the JSON objects that functions return, by function; a spec calls each and compares. */
export const authJsonShapes = {
  author_json_v1: columnsOf<UserRow>()('id', 'kind', 'display_name', 'tag', 'username', 'profile_rev', 'avatar_color'),
};
