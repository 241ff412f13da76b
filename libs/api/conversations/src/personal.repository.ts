import {
  type BlockRow,
  type ChangeRow,
  type DraftRow,
  type FriendRow,
  type SettingsRow,
  type PersonalFeedRow,
  type UserRow,
  type MembershipRow,
  authRowShapes,
  toPersonalChanges,
  toPersonalSettings,
} from '@cloudhop/api/auth';
import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import type { FeedHead, FeedPage } from '@cloudhop/api/realtime';
import { type NoticeLevel, type PersonalSettings, defaultSettings, limits as wire } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type ListedRow, deletedUnread, listedColumns } from './conversations.repository';
import { conversationsRowShapes } from './row-shapes';
import { toUsers } from './rows';

/** All of a user that a first sync answers. */
export interface PersonalRow {
  rev: number;
  user: UserRow;
  conversations: ListedRow[];
  friends: FriendRow[];
  blocks: BlockRow[];
  drafts: DraftRow[];
  settings: SettingsRow | null;
  invitations: MembershipRow[];
  /** Friends, blocked users, peers of direct conversations, inviters, and authors of the last messages. */
  users: UserRow[];
}

/** A row of personal_changes_v3. */
export interface PersonalChangesRow {
  rev: number;
  is_reset: boolean;
  has_more: boolean;
  changes: ChangeRow[];
  users: UserRow[];
}

const toldColumns = selectList(authRowShapes.personal_told_v1);
const changesColumns = selectList(conversationsRowShapes.personal_changes_v3);
const { memberships, friendships, blocks, drafts } = authRowShapes;
const settingsColumns = selectList(authRowShapes.personal_settings, 's');

/** Returns SQL for the rows of a table, of which `from` says the rest, as a JSON array. */
const jsonRows = (columns: readonly string[], alias: string, from: string): string =>
  `(select coalesce(json_agg(r), '[]') from (select ${selectList(columns, alias)} from ${from}) r)`;

/** Whom a block keeps apart: those that the user blocked, and those that blocked the user. */
const apartFrom = `
  select b.other_id as id from blocks b where b.user_id = $1 and b.level = 'blocked'
  union select b.user_id from blocks b where b.other_id = $1 and b.level = 'blocked'`;

/** What belongs to one user: the personal feed and all that is told in it. */
@Injectable()
export class PersonalRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Every user has a personal feed; one without changes is at 0. */
  async heads(userIds: readonly string[]): Promise<ReadonlyMap<string, FeedHead>> {
    const rows = await this.database.prepared<{ user_id: string; rev: number }>(
      'personal_heads',
      'select h.user_id, h.rev from personal_heads h where h.user_id = any ($1::uuid[])',
      [userIds],
    );
    const revs = new Map(rows.map((row) => [row.user_id, row.rev]));
    return new Map(userIds.map((id) => [id, { rev: revs.get(id) ?? 0, seq: 0, floorSeq: 0, isPrivate: true }]));
  }

  async changesAfter(userId: string, rev: number): Promise<FeedPage> {
    const [row] = await this.database.prepared<PersonalChangesRow>(
      'personal_changes',
      `select ${changesColumns} from personal_changes_v3($1, $2, $3)`,
      [userId, rev, wire.framePage],
    );
    const changes = toPersonalChanges(userId, row!.changes);
    return {
      head: { rev: row!.rev, seq: 0, floorSeq: 0, isPrivate: true },
      toRev: row!.has_more ? row!.changes.at(-1)!.rev : row!.rev,
      isReset: row!.is_reset,
      hasMore: row!.has_more,
      changes,
      users: toUsers(row!.users),
    };
  }

  /** Undefined for a user who is gone. */
  async find(userId: string): Promise<PersonalRow | undefined> {
    const rows = await this.database.query<PersonalRow>(
      `select coalesce((select h.rev from personal_heads h where h.user_id = u.id), 0) as rev, author_json_v1(u) as user,
         listed.conversations,
         ${jsonRows(friendships, 'f', `friendships f where f.user_id = u.id and f.state <> 'none'`)} as friends,
         ${jsonRows(blocks, 'b', `blocks b where b.user_id = u.id and b.level <> 'none'`)} as blocks,
         ${jsonRows(drafts, 'd', `drafts d where d.user_id = u.id and d.body <> ''`)} as drafts,
         (select to_json(r) from (select ${settingsColumns} from personal_settings s where s.user_id = u.id) r) as settings,
         ${jsonRows(memberships, 'i', `memberships i where i.user_id = u.id and i.state = 'invited'`)} as invitations,
         users_json_v1(array(
           select f.other_id from friendships f where f.user_id = u.id and f.state <> 'none'
           union select b.other_id from blocks b where b.user_id = u.id and b.level <> 'none'
           union select case when c.direct_low = u.id then c.direct_high else c.direct_low end
             from memberships j join conversations c on c.id = j.conversation_id
             where j.user_id = u.id and j.state = 'joined' and c.kind = 'direct'
           union select i.invited_by from memberships i where i.user_id = u.id and i.state = 'invited'
           union select unnest(listed.author_ids)
         )) as users
       from users u
       cross join lateral (
         select coalesce(json_agg(c), '[]') as conversations, array_agg((c.last ->> 'author_id')::uuid) as author_ids
         from (
           select ${listedColumns}, u.id as reader_id, last_message_v1(s.id, s.seq, $2) as last,
             case when s.kind <> 'lobby' and m.read_seq < s.seq then naming_v2(s.id, u.id, m.read_seq, s.seq, $3) end as naming,
             ${deletedUnread('s', 'm', '$3')} as deleted_unread,
             author_json_v1(u) as reader
           from conversation_states_v1 s left join memberships m on m.conversation_id = s.id and m.user_id = u.id
           where (s.kind = 'lobby' and m.state is distinct from 'banned')
             or s.id in (select j.conversation_id from memberships j where j.user_id = u.id and j.state = 'joined')
         ) c
       ) listed
       where u.id = $1 and u.anonymised_at is null`,
      [userId, wire.previewCharacters, wire.mentionWindow],
    );
    return rows[0];
  }

  /** The conversations that a socket of the user follows by itself, and the personal rev at which that was so. */
  async follows(userId: string): Promise<{ rev: number; conversationIds: string[] }> {
    const [row] = await this.database.prepared<{ rev: number; ids: string[] }>(
      'conversations_follows',
      `select coalesce((select h.rev from personal_heads h where h.user_id = $1), 0) as rev, array(
         (select c.id from conversations c left join memberships m on m.conversation_id = c.id and m.user_id = $1
          where c.kind = 'lobby' and m.state is distinct from 'banned')
         union all
         (select c.id from memberships m join conversations c on c.id = m.conversation_id
          where m.user_id = $1 and m.state = 'joined' and c.kind in ('direct', 'group', 'match'))
         union all
         (select c.id from memberships m join conversations c on c.id = m.conversation_id
          join conversation_heads h on h.conversation_id = c.id
          where m.user_id = $1 and m.state = 'joined' and c.kind = 'room' order by h.last_at desc nulls last limit $2)
       ) as ids`,
      [userId, limits.followedRooms],
    );
    return { rev: row!.rev, conversationIds: row!.ids };
  }

  /** Returns the ids of all users whom a block of either side keeps apart from the user. */
  async apartFrom(userId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.prepared<{ id: string }>('personal_apart', apartFrom, [userId]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Those of the users that a block keeps apart from the user, either way. */
  async apart(userId: string, userIds: readonly string[]): Promise<Set<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.database.query<{ id: string }>(
      `select a.id from (${apartFrom}) a where a.id = any ($2::uuid[])`,
      [userId, userIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether `userId` may write to the other one directly. */
  async mayMessage(userId: string, otherId: string): Promise<boolean> {
    const [row] = await this.database.query<{ refusal: string | null }>('select direct_refusal_v1($1, $2) as refusal', [
      userId,
      otherId,
    ]);
    return row!.refusal === null;
  }

  async settings(userId: string): Promise<SettingsRow | undefined> {
    const [row] = await this.database.query<SettingsRow>(
      `select ${settingsColumns} from personal_settings s where s.user_id = $1`,
      [userId],
    );
    return row;
  }

  changeSettings(userId: string, change: Partial<PersonalSettings>): Promise<PersonalFeedRow[]> {
    const { whoMayMessage, acceptsRequests, appearsOffline, showsLastSeen, sendsReceipts } = change;
    return this.#told('settings_change_v2($1, $2, $3, $4, $5, $6)', [
      userId,
      whoMayMessage ?? null,
      acceptsRequests ?? null,
      appearsOffline ?? null,
      showsLastSeen ?? null,
      sendsReceipts ?? null,
    ]);
  }

  /** What of somebody who connects decides who is told of what, and the personal rev at which that was so. */
  async connectedPerson(
    userId: string,
  ): Promise<{ rev: number; friends: Set<string>; blocked: Set<string>; settings: PersonalSettings }> {
    const [row] = await this.database.prepared<{
      rev: number;
      friends: string[];
      blocked: string[];
      settings: SettingsRow | null;
    }>(
      'personal_connected',
      `select coalesce((select h.rev from personal_heads h where h.user_id = $1), 0) as rev,
         array(select f.other_id from friendships f where f.user_id = $1 and f.state = 'friend') as friends,
         array(select b.other_id from blocks b where b.user_id = $1 and b.level = 'blocked') as blocked,
         (select to_json(r) from (select ${settingsColumns} from personal_settings s where s.user_id = $1) r) as settings`,
      [userId],
    );
    const { rev, friends, blocked, settings } = row!;
    return {
      rev,
      friends: new Set(friends),
      blocked: new Set(blocked),
      settings: settings ? toPersonalSettings(settings) : defaultSettings,
    };
  }

  /** When those of the users were last here who let it be known. */
  async lastSeen(userIds: readonly string[]): Promise<{ userId: string; at: Date }[]> {
    return this.database.prepared<{ userId: string; at: Date }>(
      'personal_last_seen',
      `select l.user_id as "userId", l.at from last_seen l left join personal_settings s on s.user_id = l.user_id
       where l.user_id = any ($1::uuid[]) and coalesce(s.shows_last_seen, true)`,
      [userIds],
    );
  }

  /** Returns the ids of those users who show when they were last seen. */
  async showingLastSeen(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.prepared<{ id: string }>(
      'personal_showing_last_seen',
      `select u.id from unnest($1::uuid[]) as u(id) left join personal_settings s on s.user_id = u.id
       where coalesce(s.shows_last_seen, true)`,
      [userIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes that those of the people who have friends are here, or were until now: nobody else is shown it. */
  async writeLastSeen(userIds: readonly string[]): Promise<void> {
    await this.database.query(
      `insert into last_seen (user_id, at) select u.id, clock_timestamp() from unnest($1::uuid[]) as u(id)
       where exists (select from friendships f where f.user_id = u.id and f.state = 'friend') order by u.id
       on conflict (user_id) do update set at = greatest(last_seen.at, excluded.at)`,
      [userIds],
    );
  }

  changeFriend(userId: string, otherId: string, verb: FriendVerb, note?: string): Promise<PersonalFeedRow[]> {
    return this.#told('friend_change_v1($1, $2, $3, $4, $5, $6, $7)', [
      userId,
      otherId,
      verb,
      note ?? null,
      wire.openFriendRequests,
      wire.friends,
      limits.declinedMs,
    ]);
  }

  changeBlock(userId: string, otherId: string, level: BlockRow['level']): Promise<PersonalFeedRow[]> {
    return this.#told('block_change_v1($1, $2, $3, $4)', [userId, otherId, level, wire.blocks]);
  }

  openDirect(userId: string, otherId: string, newId: string): Promise<PersonalFeedRow[]> {
    return this.#told('direct_open_v1($1, $2, $3)', [userId, otherId, newId]);
  }

  mark(
    userId: string,
    conversationId: string,
    { isPinned, isArchived, clearedSeq, notices, quietUntil }: Mark,
  ): Promise<PersonalFeedRow[]> {
    return this.#told('membership_mark_v2($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      userId,
      conversationId,
      isPinned ?? null,
      isArchived ?? null,
      clearedSeq ?? null,
      notices ?? null,
      quietUntil !== undefined,
      quietUntil ?? null,
      wire.pins,
    ]);
  }

  /** The latest draft of each user and conversation. */
  writeDrafts(drafts: readonly { c: string; u: string; body: string }[]): Promise<PersonalFeedRow[]> {
    return this.#told('drafts_v1($1::json)', [JSON.stringify(drafts)]);
  }

  writeReadMarks(
    marks: readonly { c: string; u: string; seq?: number | undefined; got?: number | undefined }[],
  ): Promise<PersonalFeedRow[]> {
    return this.#told('read_marks_v3($1::json)', [JSON.stringify(marks)]);
  }

  /** The user's friends and requests, by the other one's id, after a cursor. */
  listFriends(userId: string, after: string | undefined, limit: number): Promise<(FriendRow & { user: UserRow })[]> {
    return this.database.query<FriendRow & { user: UserRow }>(
      `select ${selectList(friendships, 'f')}, author_json_v1(u) as user from friendships f join users u on u.id = f.other_id
       where f.user_id = $1 and f.state <> 'none' and ($2::uuid is null or f.other_id > $2)
       order by f.other_id limit $3`,
      [userId, after ?? null, limit],
    );
  }

  /** Every one is one statement that may be run again. */
  #told(call: string, parameters: unknown[]): Promise<PersonalFeedRow[]> {
    return this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${toldColumns} from ${call}`, parameters),
    );
  }
}

export type FriendVerb = 'request' | 'accept' | 'decline' | 'withdraw' | 'remove';

/** Where a person keeps a conversation; what is absent stays. */
export interface Mark {
  isPinned?: boolean | undefined;
  isArchived?: boolean | undefined;
  clearedSeq?: number | undefined;
  notices?: NoticeLevel | undefined;
  quietUntil?: string | null | undefined;
}
