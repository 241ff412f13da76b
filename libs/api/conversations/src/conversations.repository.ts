import { type UserRow, toUsers } from '@cloudhop/api/auth';
import { Database, selectList } from '@cloudhop/api/database';
import type { ChangeRow } from '@cloudhop/api/personal-feed';
import { limits } from '@cloudhop/api/platform';
import type { FeedHead, FeedPage } from '@cloudhop/api/realtime';
import { type ConversationKind, type OwnReaction, type ReadMark, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { MembershipRow } from './membership-rows';
import { accessColumns, conversationsRowShapes } from './row-shapes';
import {
  type AccessRow,
  type DeletedUnreadRow,
  type ConversationRow,
  type LastMessageRow,
  type MessageRow,
  type NamingRow,
  type ReaderRow,
  toConversationChanges,
  toHead,
} from './rows';

export type ReadableRow = ConversationRow & AccessRow & ReaderRow;

/** As a list shows it. */
export type ListedRow = ReadableRow & DeletedUnreadRow & { last: LastMessageRow | null } & Partial<NamingRow>;

export interface PageRow extends ReadableRow, NamingRow, DeletedUnreadRow {
  from_seq: number;
  to_seq: number;
  messages: MessageRow[];
  users: UserRow[];
  mine: OwnReaction[];
}

/** Range of a page of messages: at most one of the three, else the latest. */
export interface PageRange {
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  limit: number;
}

/** Membership of a deleted user. */
export interface GoneMembership {
  conversation_id: string;
  user_id: string;
  kind: ConversationKind;
}

/** A row of conversation_changes_v1. */
export interface ConversationChangesRow {
  seq: number;
  rev: number;
  floor_seq: number;
  is_private: boolean;
  is_reset: boolean;
  has_more: boolean;
  changes: ChangeRow[];
  users: UserRow[];
}

const stateColumns = conversationsRowShapes.conversation_states_v1;
const readableColumns: readonly (keyof ReadableRow)[] = [...stateColumns, ...accessColumns, 'reader_id'];
const pageColumns = selectList(conversationsRowShapes.message_page_v1, 'p');
const changesColumns = selectList(conversationsRowShapes.conversation_changes_v1);
const memberColumns = selectList(conversationsRowShapes.memberships, 'm');

/** Columns of a conversation, in SQL that calls its state `s` and the asker's membership `m`. */
export const listedColumns = `${selectList(stateColumns, 's')}, ${selectList(accessColumns, 'm')}`;

/**
 * Returns SQL for the seqs of unread deleted messages among the latest `window`, where `state` and `member` are the aliases
 * of the conversation's state and of the reader's membership. In the lobby read ones count too: its read marks stay on
 * the devices.
 */
export const deletedUnread = (state: string, member: string, window: string): string =>
  `deleted_above_v1(${state}.id, greatest(${state}.seq - ${window}, ` +
  `case when ${state}.kind = 'lobby' then 0 else coalesce(${member}.read_seq, ${state}.seq) end))`;

/** SQL of a conversation with the membership that decides whether the user may read it. */
const readable = `
  select ${listedColumns}, $2::uuid as reader_id
  from conversation_states_v1 s
  left join memberships m on m.conversation_id = s.id and m.user_id = $2`;

/** Reads of conversations, one statement each: rows, head and authority belong to one snapshot. */
@Injectable()
export class ConversationsRepository {
  constructor(private readonly database: Database) {}

  async find(conversationId: string, userId: string): Promise<ReadableRow | undefined> {
    return (await this.database.query<ReadableRow>(`${readable} where s.id = $1`, [conversationId, userId]))[0];
  }

  /** Returns many conversations as `find` does, without those that don't exist. */
  async findMany(conversationIds: readonly string[], userId: string): Promise<ReadableRow[]> {
    if (conversationIds.length === 0) return [];
    return this.database.prepared('conversations_find', `${readable} where s.id = any ($1::uuid[])`, [
      conversationIds,
      userId,
    ]);
  }

  /** Returns a page of messages with its conversation; undefined if there is no such conversation. */
  async page(
    conversationId: string,
    userId: string,
    { before, after, around, limit }: PageRange,
  ): Promise<PageRow | undefined> {
    const rows = await this.database.prepared<PageRow>(
      'conversations_page',
      `select ${selectList(readableColumns, 'r')}, span.from_seq, span.to_seq, ${pageColumns},
         case when r.kind <> 'lobby' then naming_v2(r.id, $2, coalesce(r.read_seq, r.seq), r.seq, $7) end as naming,
         ${deletedUnread('r', 'r', '$7')} as deleted_unread,
         (select author_json_v1(u) from users u where u.id = $2) as reader
       from (${readable} where s.id = $1) r
       cross join lateral (select greatest(r.floor_seq, coalesce(r.cleared_seq, 0)) as floor_seq) own
       cross join lateral (select case
           when $3::bigint is not null then least($3 - 1, r.seq)
           when $4::bigint is not null then least(greatest($4, own.floor_seq) + $6, r.seq)
           when $5::bigint is not null then least(greatest($5 + $6 / 2, own.floor_seq + $6), r.seq)
           else r.seq
         end as to_seq) till
       cross join lateral (select till.to_seq, greatest(own.floor_seq + 1, case
           when $4::bigint is not null then $4 + 1
           else till.to_seq - $6 + 1
         end) as from_seq) span
       cross join lateral message_page_v1(r.id, $2, span.from_seq, span.to_seq) p`,
      [conversationId, userId, before ?? null, after ?? null, around ?? null, limit, wire.mentionWindow],
    );
    return rows[0];
  }

  /**
   * Returns the parts of a page that differ per reader or change without a rev: the user's own reactions, and the
   * authors.
   */
  async aroundPage(
    conversationId: string,
    userId: string,
    { authorIds, reactedSeqs }: { authorIds: readonly string[]; reactedSeqs: readonly number[] },
  ): Promise<Pick<PageRow, 'users' | 'mine'>> {
    const [row] = await this.database.prepared<Pick<PageRow, 'users' | 'mine'>>(
      'conversations_around_page',
      'select users_json_v1($1::uuid[]) as users, own_reactions_v1($2, $3, $4::bigint[]) as mine',
      [authorIds, conversationId, userId, reactedSeqs],
    );
    return row!;
  }

  /** Returns the user's own reactions to the messages with these seqs. */
  async ownReactions(conversationId: string, userId: string, seqs: readonly number[]): Promise<OwnReaction[]> {
    if (seqs.length === 0) return [];
    const rows = await this.database.query<{ mine: OwnReaction[] }>(`select own_reactions_v1($1, $2, $3) as mine`, [
      conversationId,
      userId,
      seqs,
    ]);
    return rows[0]!.mine;
  }

  async heads(conversationIds: readonly string[]): Promise<ReadonlyMap<string, FeedHead>> {
    const rows = await this.database.prepared<Pick<ConversationRow, 'id' | 'kind' | 'rev' | 'seq' | 'floor_seq'>>(
      'conversations_heads',
      'select s.id, s.kind, s.rev, s.seq, s.floor_seq from conversation_states_v1 s where s.id = any ($1::uuid[])',
      [conversationIds],
    );
    return new Map(rows.map((row) => [row.id, toHead(row)]));
  }

  async changesAfter(conversationId: string, rev: number): Promise<FeedPage | undefined> {
    const [row] = await this.database.prepared<ConversationChangesRow>(
      'conversations_changes',
      `select ${changesColumns} from conversation_changes_v1($1, $2, $3, $4)`,
      [conversationId, rev, wire.framePage, wire.resetBeyond],
    );
    if (row === undefined) return undefined;
    const changes = toConversationChanges(conversationId, row.changes);
    return {
      head: { rev: row.rev, seq: row.seq, floorSeq: row.floor_seq, isPrivate: row.is_private },
      toRev: row.has_more ? row.changes.at(-1)!.rev : row.rev,
      isReset: row.is_reset,
      hasMore: row.has_more,
      changes,
      users: toUsers(row.users),
    };
  }

  /** Returns those of the users who may read the conversation. */
  async readersAmong(conversationId: string, userIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select u.id from unnest($2::uuid[]) as u(id) join conversations c on c.id = $1
       left join memberships m on m.conversation_id = c.id and m.user_id = u.id
       where case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end`,
      [conversationId, userIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the conversations to which a socket of the user is subscribed, and the personal rev at which that was so. */
  async subscriptions(userId: string): Promise<{ rev: number; conversationIds: string[] }> {
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

  /** Returns the members and invited users of a group, by the time at which they came. */
  async members(conversationId: string): Promise<MembershipRow[]> {
    return this.database.query<MembershipRow>(
      `select ${memberColumns} from memberships m where m.conversation_id = $1 and m.state in ('joined', 'invited')
       order by m.joined_at nulls last, m.user_id`,
      [conversationId],
    );
  }

  /** Returns the read marks of the others; none for a reader who sends no read receipts. */
  async readMarks(conversationId: string, readerId: string): Promise<ReadMark[] | undefined> {
    const [row] = await this.database.query<{ marks: ReadMark[] | null }>('select read_marks_of_v1($1, $2) as marks', [
      conversationId,
      readerId,
    ]);
    return row!.marks ?? undefined;
  }

  /**
   * Returns the next memberships, after `after`, of users who were deleted within the last `withinMs`. Users who were
   * deleted earlier have none left.
   */
  membershipsOfGone(withinMs: number, after: GoneMembership | undefined, limit: number): Promise<GoneMembership[]> {
    return this.database.query<GoneMembership>(
      `select m.conversation_id, m.user_id, c.kind from users u join memberships m on m.user_id = u.id
       join conversations c on c.id = m.conversation_id
       where u.anonymised_at > now() - $1 * interval '1 millisecond' and c.kind <> 'lobby'
         and m.state in ('joined', 'invited') and ($2::uuid is null or (m.user_id, m.conversation_id) > ($2, $3::uuid))
       order by m.user_id, m.conversation_id limit $4`,
      [withinMs, after?.user_id ?? null, after?.conversation_id ?? null, limit],
    );
  }

  /**
   * Creates the lobby unless it exists, and returns its id. Concurrent starts create one. Leaves the head of an
   * existing lobby alone, because locks of the head come first.
   */
  async ensureLobby(id: string, retentionMs: number): Promise<string> {
    await this.database.query(
      `with lobby as (
         insert into conversations (id, kind, retention_ms) values ($1, 'lobby', $2)
         on conflict (kind) where kind = 'lobby' do nothing
         returning id
       )
       insert into conversation_heads (conversation_id) select id from lobby`,
      [id, retentionMs],
    );
    await this.database.query(
      `update conversations set retention_ms = $1 where kind = 'lobby' and retention_ms is distinct from $1`,
      [retentionMs],
    );
    return this.lobbyId();
  }

  async lobbyId(): Promise<string> {
    const [row] = await this.database.query<{ id: string }>(`select id from conversations where kind = 'lobby'`);
    if (row === undefined) throw new Error('the lobby is made at start');
    return row.id;
  }

  /** Returns the users with these ids, in no order. */
  async users(userIds: readonly string[]): Promise<UserRow[]> {
    const [row] = await this.database.query<{ users: UserRow[] }>('select users_json_v1($1::uuid[]) as users', [
      userIds,
    ]);
    return row!.users;
  }

  /** Returns the user's conversations, the lobby first, then by id; `limit` + 1 rows mean that there are more. */
  async list(userId: string, after: string | undefined, limit: number): Promise<ListedRow[]> {
    return this.database.query<ListedRow>(
      `select ${listedColumns}, $1::uuid as reader_id, last_message_v1(s.id, s.seq, $4) as last,
         ${deletedUnread('s', 'm', '$5')} as deleted_unread
       from conversation_states_v1 s left join memberships m on m.conversation_id = s.id and m.user_id = $1
       where case when s.kind = 'lobby' then m.state is distinct from 'banned' and $2::uuid is null
         else m.state = 'joined' and ($2::uuid is null or s.id > $2) end
       order by s.kind = 'lobby' desc, s.id limit $3`,
      [userId, after ?? null, limit + 1, wire.previewCharacters, wire.mentionWindow],
    );
  }
}
