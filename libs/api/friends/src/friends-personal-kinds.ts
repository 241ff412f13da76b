import type { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { jsonRows, selectList } from '@cloudhop/api/database';
import { defaultSettings } from '@cloudhop/contracts';
import {
  type BlockRow,
  type FriendRow,
  type SettingsRow,
  toBlock,
  toFriend,
  toFriends,
  toPersonalSettings,
} from './friend-rows';
import { friendsRowShapes } from './row-shapes';

const settingsColumns = selectList(friendsRowShapes.personal_settings, 's');

/** Registers what friends write into personal feeds: friends, blocks and personal settings. */
export function registerFriendKinds(kinds: PersonalFeedKinds): void {
  kinds.registerKind('friend', { toChange: (data) => ({ friend: toFriend(data as FriendRow) }) });
  kinds.registerKind('block', { toChange: (data) => ({ block: toBlock(data as BlockRow) }) });
  kinds.registerKind('settings', { toChange: (data) => ({ settings: toPersonalSettings(data as SettingsRow) }) });
  kinds.registerField('friends', {
    sql: () =>
      jsonRows(friendsRowShapes.friendships, 'f', `friendships f where f.user_id = u.id and f.state <> 'none'`),
    render: (rows: FriendRow[], userId) => toFriends(userId, rows),
    userIds: (rows) => rows.map(({ other_id: otherId }) => otherId),
  });
  kinds.registerField('blocks', {
    sql: () => jsonRows(friendsRowShapes.blocks, 'b', `blocks b where b.user_id = u.id and b.level <> 'none'`),
    render: (rows: BlockRow[]) => rows.map(toBlock),
    userIds: (rows) => rows.map(({ other_id: otherId }) => otherId),
  });
  kinds.registerField('settings', {
    sql: () => `(select to_json(r) from (select ${settingsColumns} from personal_settings s where s.user_id = u.id) r)`,
    render: (row: SettingsRow | null) => (row ? toPersonalSettings(row) : defaultSettings),
  });
}
