import { columnsOf } from '@cloudhop/api/database';
import type { SettingsVerdict } from '@cloudhop/api/conversations';
import type { WrittenBan } from './memberships.repository';
import type { InviteRow, InviteVerdict, RoomRow } from './rooms.repository';

const inviteVerdict = columnsOf<InviteVerdict>()('code', 'invite');

/**
 * Columns by the function or table that they come from; a spec compares them with the catalogue. Of a table they may be a
 * part.
 */
export const roomsRowShapes = {
  membership_ban_v1: columnsOf<WrittenBan>()(
    'code',
    'is_written',
    'user_id',
    'rev',
    'feed_rev',
    'membership',
    'address',
  ),
  room_settings_v1: columnsOf<SettingsVerdict>()('code', 'rev'),
  invite_create_v1: inviteVerdict,
  invite_revoke_v1: inviteVerdict,
  conversations: columnsOf<Omit<RoomRow, 'active_at' | 'role' | 'state'>>()(
    'id',
    'title',
    'slug',
    'topic',
    'visibility',
    'guest_access',
    'is_announcement',
    'archived_at',
    'member_count',
  ),
  room_invites: columnsOf<InviteRow>()('id', 'created_by', 'created_at', 'expires_at', 'max_uses', 'uses'),
};
