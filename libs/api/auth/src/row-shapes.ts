import { columnsOf } from '@cloudhop/api/database';
import type {
  BlockRow,
  DraftRow,
  FriendRow,
  MembershipRow,
  SettingsRow,
  PersonalFeedRow,
} from './personal-feed-publisher';
import type { EndedSessionRow } from './sessions.repository';
import type { UserRow } from './user-mapping';
import type { ProfileVerdict } from './users.repository';

/**
 * Columns by the type, function or table that they come from; a spec compares them with the catalogue. Of a table they
 * may be a part.
 */
export const authRowShapes = {
  personal_told_v1: columnsOf<PersonalFeedRow>()('user_id', 'rev', 'kind', 'data'),
  profile_change_v1: columnsOf<ProfileVerdict>()('verdict', 'retry_after_ms', 'rev', 'author'),
  session_end_v1: columnsOf<EndedSessionRow>()('user_id', 'rev'),
  memberships: columnsOf<MembershipRow>()(
    'conversation_id',
    'user_id',
    'role',
    'state',
    'muted_until',
    'read_seq',
    'cleared_seq',
    'archived_seq',
    'pinned_at',
    'notices',
    'quiet_until',
    'shown_seq',
    'delivered_seq',
    'invited_by',
    'invitation',
  ),
  friendships: columnsOf<FriendRow>()('other_id', 'state', 'note', 'at'),
  blocks: columnsOf<BlockRow>()('other_id', 'level'),
  drafts: columnsOf<DraftRow>()('conversation_id', 'body'),
  personal_settings: columnsOf<SettingsRow>()(
    'who_may_message',
    'accepts_requests',
    'appears_offline',
    'shows_last_seen',
    'sends_receipts',
  ),
};

/** Keys of the JSON objects that functions return, by function; a spec calls each and compares. */
export const authJsonShapes = {
  author_json_v1: columnsOf<UserRow>()('id', 'kind', 'display_name', 'tag', 'username', 'profile_rev', 'avatar_color'),
};
