import { columnsOf } from '@cloudhop/api/database';
import type { BlockRow, FriendRow, SettingsRow } from './friend-rows';

/** Columns by the table that they come from, of which they may be a part; a spec compares them with the catalogue. */
export const friendsRowShapes = {
  friendships: columnsOf<FriendRow>()('other_id', 'state', 'note', 'at'),
  blocks: columnsOf<BlockRow>()('other_id', 'level'),
  personal_settings: columnsOf<SettingsRow>()(
    'who_may_message',
    'accepts_requests',
    'appears_offline',
    'shows_last_seen',
    'sends_receipts',
  ),
};
