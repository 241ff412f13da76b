import { type StoredInstant, boundedTime } from '@cloudhop/api/database';
import { renderRows } from '@cloudhop/api/platform';
import type { Block, Friend, FriendState, PersonalSettings } from '@cloudhop/contracts';

/** A row of friendships, as its user sees it. */
export interface FriendRow {
  other_id: string;
  state: FriendState;
  note: string | null;
  at: StoredInstant;
}

/** A row of blocks. */
export interface BlockRow {
  other_id: string;
  level: Block['level'];
}

/** A row of personal_settings. */
export interface SettingsRow {
  who_may_message: PersonalSettings['whoMayMessage'];
  accepts_requests: boolean;
  appears_offline: boolean;
  shows_last_seen: boolean;
  sends_receipts: boolean;
}

export function toFriend(row: FriendRow): Friend {
  return {
    userId: row.other_id,
    state: row.state,
    ...(row.note !== null && { note: row.note }),
    at: boundedTime(row.at),
  };
}

/** Renders the friends and requests of a user. */
export function toFriends(userId: string, rows: readonly FriendRow[]): Friend[] {
  return renderRows({ kind: 'friend', keyOf: ({ other_id: id }) => `${userId} ${id}`, render: toFriend }, rows);
}

export const toBlock = (row: BlockRow): Block => ({ userId: row.other_id, level: row.level });

export const toPersonalSettings = (row: SettingsRow): PersonalSettings => ({
  whoMayMessage: row.who_may_message,
  acceptsRequests: row.accepts_requests,
  appearsOffline: row.appears_offline,
  showsLastSeen: row.shows_last_seen,
  sendsReceipts: row.sends_receipts,
});
