import { testDatabase } from '@cloudhop/api/core/testing';
import { type MembershipRow, type ToldRow, toMembership, toPersonalChange } from '@cloudhop/api/auth';
import { type LogNode, floorOf, startLogNode, toMember, toMessage } from '@cloudhop/api/conversations/testing';
import type { FeedPage } from '@cloudhop/api/core';
import {
  type Block,
  type ConversationSettings,
  type Draft,
  type ErrorCode,
  type PersonalSettings,
  type User,
  limits,
} from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { type Step, aProgram, perform, simulatedLimits } from '../program';
import { settings } from '../simulate';
import { World, memberRevs } from '../world';
import type { Commit, Verdict } from './model-commit';
import type { GroupVerb, GroupVerdict } from './model-groups';
import type { MembershipVerdict } from './model-memberships';
import type { PageRange } from './model-pages';
import type { FriendVerb, Mark, PeopleVerdict } from './model-people';
import { type Recorded, type RecordedMethod, recordingDatabase } from './recording-database';

/** In `npm run proof` more, and others every time. */
const asked = process.env['MODEL_PROGRAMS'];
const programs = Number(asked ?? 100);
const seed = asked === undefined ? { seed: 20_261_121 } : {};
/** One statement after another is asked of Postgres: of readings this part is enough to meet every state. */
const readEvery = 4;

const database = testDatabase();
let node: LogNode;
const before = { ...limits };

beforeAll(async () => {
  node = await startLogNode(database.url);
  Object.assign(limits, simulatedLimits);
});
afterAll(async () => {
  Object.assign(limits, before);
  await node.stop();
});

/** A restore has no statement that could be compared. */
const aComparableProgram = aProgram.map((steps) => steps.filter(([verb]) => verb !== 'restore' && verb !== 'backUp'));

test(`the model answers as Postgres does, statement by statement, in ${programs} programs`, async () => {
  let statements = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), aComparableProgram, async (seed, steps) => {
      const records = record(seed, steps);
      await node.database.query(
        'truncate users, sessions, personal_heads, conversations, conversation_heads, memberships, messages, message_keys, message_edits, reactions, slow_marks, former_names, friendships, blocks, drafts, personal_settings cascade',
      );
      let reads = 0;
      for (const each of records) {
        if (isRead.has(each.method) && reads++ % readEvery > 0) continue;
        statements++;
        const ask = inPostgres[each.method] as (...args: unknown[]) => Promise<unknown>;
        const answer = await ask(...each.args);
        const ofModel = toComparison(each);
        expect({ ...each, answer: comparable(answer) }).toEqual({ ...each, answer: comparable(ofModel) });
      }
    }),
    { numRuns: programs, ...seed },
  );
  process.stdout.write(`compared with Postgres: ${programs} programs, ${statements} statements\n`);
}, 600_000);

function record(seed: number, steps: readonly Step[]): Recorded[] {
  const records: Recorded[] = [];
  const counts = { programs: 0, steps: 0, faults: 0, checks: 0 };
  const world = new World(seed, settings.servers, counts, (...options) => recordingDatabase(records, ...options));
  for (const step of steps) perform(world, step);
  return records;
}

const isRead = new Set<RecordedMethod>([
  'unreadable',
  'mine',
  'head',
  'personalHead',
  'changesAfter',
  'personalChangesAfter',
  'page',
  'ownReactions',
]);

function toComparison({ method, answer }: Recorded): unknown {
  const pick = inModel[method] as ((answer: unknown) => unknown) | undefined;
  return pick ? pick(answer) : answer;
}

/** What both say in their own ways, in one way; times are the clocks' own. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (key, each: unknown) =>
    key.endsWith('At') || key === 'mutedUntil' || key === 'at' ? typeof each : each,
  );
  return JSON.parse(text) as unknown;
}

const sql = <T extends object>(text: string, values: unknown[] = []) =>
  node.database.query<T & Record<string, unknown>>(text, values);

/** Each method of the model as it is asked of Postgres: by the repositories where they have it. */
const inPostgres: Record<RecordedMethod, (...args: never[]) => Promise<unknown>> = {
  addUser: async ({ id, tag }: User) =>
    void (await sql(`insert into users (id, kind, tag) values ($1, 'guest', $2)`, [id, tag])),
  addConversation: async (id: string, kind: string, owner?: string) => {
    await sql('insert into conversations (id, kind, member_count) values ($1, $2, $3)', [id, kind, owner ? 1 : 0]);
    await sql('insert into conversation_heads (conversation_id) values ($1)', [id]);
    if (owner === undefined) return;
    await sql(
      `insert into memberships (conversation_id, user_id, role, state, feed_rev) values ($1, $2, 'owner', 'joined', personal_bump_v1($2))`,
      [id, owner],
    );
  },
  beginSession: async (id: string, userId: string) => {
    await sql(
      `insert into sessions (id, user_id, expires_at, feed_rev) values ($1, $2, now() + interval '1 year', personal_bump_v1($2))`,
      [id, userId],
    );
  },
  endSession: async (id: string) =>
    (await sql<{ rev: number }>(`select rev from session_end_v1($1, 'logged_out')`, [id]))[0]?.rev,
  rename: async (userId: string, name: string) => {
    const [row] = await sql<{ rev: number | null; author: { profile_rev: number } }>(
      'select rev, author from profile_change_v1($1, $2, null, 1000, 1000, 1)',
      [userId, name],
    );
    return row!.rev === null ? undefined : [row!.rev, row!.author.profile_rev];
  },
  commit: async (batch: Commit[]) => {
    const verdicts = await node.logRepository.commit(batch, true);
    const byIndex = verdicts.map(({ index, outcome, code, seq, rev, message }) => ({
      index,
      outcome,
      code: outcome === 'refused' ? code : null,
      // Of what is refused nothing is told.
      seq: outcome === 'refused' || outcome === 'again' ? null : seq,
      rev: outcome === 'stored' ? rev : null,
      message: message === null || outcome === 'refused' ? null : toMessage(message),
    }));
    return byIndex.sort((a, b) => a.index - b.index);
  },
  changeMembership: async (
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: string,
    more: { role?: string; until?: string } = {},
  ) => {
    const [row] = await sql<{
      verdict: string;
      code: string | null;
      rev: number | null;
      feed_rev: number | null;
      membership: MembershipRow;
    }>('select * from membership_change_v2($1, $2, $3, $4, $5, $6, $7)', [
      conversationId,
      actorId ?? null,
      userId,
      verb,
      more.role ?? null,
      more.until ?? null,
      memberRevs,
    ]);
    const { verdict, code, rev, feed_rev: feedRev } = row!;
    if (verdict === 'refused') return { verdict, code };
    const { membership } = row!;
    return { verdict, code, rev, feedRev, member: toMember(membership), membership: toMembership(membership) };
  },
  changeSettings: async (id: string, { title, slowModeMs }: ConversationSettings) =>
    (
      await sql<{ rev: number }>('select rev from conversation_settings_v1($1, $2, $3, null)', [
        id,
        title ?? null,
        slowModeMs,
      ])
    )[0]!.rev,
  raiseFloor: async (id: string, floorSeq: number) =>
    (await sql('select rev, floor_seq from floor_raise_v1($1, $2)', [id, floorSeq]))[0],
  markRead: async (userId: string, id: string, seq: number) => {
    const marks = JSON.stringify([{ c: id, u: userId, seq }]);
    const rows = await sql<ToldRow>('select * from read_marks_v3($1::json)', [marks]);
    const row = rows.find(({ kind }) => kind === 'membership');
    return row && [(row.data as MembershipRow).read_seq, row.rev];
  },
  changeFriend: async (userId: string, otherId: string, verb: FriendVerb, note?: string) =>
    toTold(await node.personal.changeFriend(userId, otherId, verb, note)),
  changeBlock: async (userId: string, otherId: string, level: Block['level']) =>
    toTold(await node.personal.changeBlock(userId, otherId, level)),
  openDirect: async (userId: string, otherId: string, newId: string) =>
    toTold(await node.personal.openDirect(userId, otherId, newId)),
  mark: async (userId: string, id: string, mark: Mark) => toTold(await node.personal.mark(userId, id, mark)),
  createGroup: async (actorId: string, id: string, title: string, userIds: readonly string[]) =>
    toGroupTold(
      await sql('select * from group_create_v1($1, $2, $3, null, $4::uuid[], $5, 1000000, 1000000)', [
        actorId,
        id,
        title,
        userIds,
        limits.groupMembers,
      ]),
    ),
  changeGroup: async (id: string, actorId: string, userId: string, verb: GroupVerb) =>
    toGroupTold(
      await sql('select * from group_change_v1($1, $2, $3, $4, $5, 1000000)', [
        id,
        actorId,
        userId,
        verb,
        limits.groupMembers,
      ]),
    ),
  writeDraft: async (u: string, { conversationId: c, body }: Draft) => {
    const rows = await node.personal.writeDrafts([{ u, c, body }]);
    return rows[0]!.kind === 'refused' ? { code: 'not_found', told: [] } : toTold(rows);
  },
  changePreferences: async (userId: string, change: Partial<PersonalSettings>) =>
    toTold(await node.personal.changeSettings(userId, change)),
  unreadable: async (id: string, userId: string) => {
    const row = await node.repository.find(id, userId);
    if (row?.state === 'banned') return 'banned';
    return row && (row.kind === 'lobby' || row.state === 'joined') ? undefined : 'not_found';
  },
  mine: async (userId: string) => (await node.repository.list(userId, undefined, 50)).map(({ id }) => id),
  head: async (id: string) => (await node.repository.heads([id])).get(id),
  personalHead: async (userId: string) => (await node.personal.heads([userId])).get(userId),
  changesAfter: async (id: string, rev: number) => toPage((await node.repository.changesAfter(id, rev))!),
  personalChangesAfter: async (userId: string, rev: number) => toPage(await node.personal.changesAfter(userId, rev)),
  page: async (id: string, userId: string, range: PageRange) => {
    const row = (await node.repository.page(id, userId, range))!;
    return [
      row.rev,
      row.messages.map(toMessage),
      row.mine,
      row.users.length,
      row.from_seq > floorOf(row) + 1 && row.seq > floorOf(row),
      row.to_seq < row.seq,
    ];
  },
  ownReactions: async (id: string, userId: string, seqs: number[]) => node.repository.ownReactions(id, userId, seqs),
};

interface ToldMember {
  code: string | null;
  user_id: string;
  rev: number | null;
  feed_rev: number | null;
}

function toGroupTold(rows: unknown[]): unknown {
  const told = rows as ToldMember[];
  return told.map(({ code, user_id, rev, feed_rev }) => (code === null ? [user_id, rev, feed_rev] : code));
}

/** In the order of users, as the model does not know in which order rows come. */
function toTold(rows: readonly ToldRow[]): unknown {
  const code = rows.find(({ kind }) => kind === 'refused')?.data;
  const told = rows.flatMap(({ user_id: userId, rev, kind, data }) =>
    rev === null || kind === 'exists' ? [] : [{ userId, change: toPersonalChange({ kind, rev, data }) }],
  );
  return inOrder({ ...(code !== undefined && { code: code as ErrorCode }), told });
}

const groupTold = ({ code, told }: GroupVerdict): unknown =>
  code === undefined ? told.map(({ userId, rev, feedRev }) => [userId, rev, feedRev]) : [code];

function inOrder({ code, told }: PeopleVerdict): unknown {
  const key = ({ userId, change }: PeopleVerdict['told'][number]) => `${userId} ${change.kind}`;
  return { code, told: [...told].sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

function toPage({ head, toRev, isReset, hasMore, changes, users }: FeedPage): unknown {
  return isReset ? { head, isReset } : { head, toRev, hasMore, changes, users: users.map(({ id }) => id).sort() };
}

/** What of the model's answer Postgres is asked for. */
const inModel: Partial<Record<RecordedMethod, (answer: never) => unknown>> = {
  addConversation: () => null,
  endSession: (row: { feedRev: number } | undefined) => row?.feedRev ?? null,
  rename: (row: { feedRev: number; user: User } | undefined) => (row ? [row.feedRev, row.user.profileRev] : null),
  commit: (verdicts: Verdict[]) =>
    verdicts
      .map(({ index, outcome, code, seq, change, message }) => ({
        index,
        outcome,
        code: code ?? null,
        seq: seq ?? null,
        rev: change?.rev ?? null,
        // The sender of a stored message knows it.
        message: change?.kind === 'message' && change.message.editedAt === undefined ? null : (message ?? null),
      }))
      .sort((a, b) => a.index - b.index),
  changeMembership: ({ verdict, code, ...rest }: MembershipVerdict) =>
    verdict === 'refused'
      ? { verdict, code }
      : {
          verdict,
          code: null,
          rev: rest.rev ?? null,
          feedRev: rest.feedRev ?? null,
          member: rest.member,
          membership: rest.membership,
        },
  changeSettings: ({ rev }: { rev: number }) => rev,
  raiseFloor: (change: { rev: number; floorSeq: number } | undefined) =>
    change ? { rev: change.rev, floor_seq: change.floorSeq } : null,
  markRead: (change: { rev: number; membership: { readSeq: number } } | undefined) =>
    change ? [change.membership.readSeq, change.rev] : null,
  changeFriend: inOrder,
  changeBlock: inOrder,
  openDirect: inOrder,
  mark: inOrder,
  createGroup: groupTold,
  changeGroup: groupTold,
  writeDraft: inOrder,
  changePreferences: inOrder,
  changesAfter: toPage,
  personalChangesAfter: toPage,
  page: ({
    conversation,
    messages,
    mine,
    users,
    hasBefore,
    hasAfter,
  }: {
    conversation: { rev: number };
    messages: unknown;
    mine: unknown;
    users: unknown[];
    hasBefore: boolean;
    hasAfter: boolean;
  }) => [conversation.rev, messages, mine, users.length, hasBefore, hasAfter],
};
