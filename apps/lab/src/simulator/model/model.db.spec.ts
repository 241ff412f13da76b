import { testDatabase } from '@cloudhop/api/database/testing';
import type { PersonalFeedRow } from '@cloudhop/api/personal-feed';
import { type AuthRepositories, authRepositories } from '@cloudhop/api/auth/testing';
import { type MembershipRow, type WrittenMember, floorOf, toMessage } from '@cloudhop/api/conversations/testing';
import { type FeatureNode, startFeatureNode } from '@cloudhop/api/schema/testing';
import { limits as serverLimits } from '@cloudhop/api/platform';
import type { FeedPage } from '@cloudhop/api/realtime';
import {
  type Block,
  type Draft,
  type ErrorCode,
  type PersonalSettings,
  type Role,
  type User,
  limits,
} from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { type Step, aProgram, perform, simulatedLimits } from '../program';
import { settings } from '../simulate';
import { World, memberRevs } from '../world';
import type {
  Commit,
  FriendVerb,
  GroupVerb,
  GroupVerdict,
  Mark,
  MembershipVerb,
  MembershipVerdict,
  PageRange,
  PeopleVerdict,
  Verdict,
  ModelDatabase,
  SettingsVerdict,
} from '@cloudhop/sdk/testing';
import { type Recorded, type RecordedMethod, recordingDatabase } from './recording-database';

/** In `npm run proof` more, and others every time. */
const asked = process.env['MODEL_PROGRAMS'];
const programs = Number(asked ?? 70);
const seed = asked === undefined ? { seed: 20_261_121 } : {};
/** One statement after another is asked of Postgres: of readings this part is enough to meet every state. */
const readEvery = 4;

const database = testDatabase();
let node: FeatureNode;
let auth: AuthRepositories;
const before = { wire: { ...limits }, server: { ...serverLimits } };
/** Numbers that the model does not count. */
const many = 1_000_000;

beforeAll(async () => {
  node = await startFeatureNode(database.url);
  auth = authRepositories(node.database);
  Object.assign(limits, simulatedLimits, { groupsPerDay: many, openInvitations: many, guestNames: many });
  Object.assign(serverLimits, { memberRevs, roomsOfOne: many });
});
afterAll(async () => {
  Object.assign(limits, before.wire);
  Object.assign(serverLimits, before.server);
  await node.stop();
});

/** A restore has no statement that could be compared. */
const aComparableProgram = aProgram.map((steps) => steps.filter(([verb]) => verb !== 'restore' && verb !== 'backUp'));

test(`the model answers as Postgres does, statement by statement, in ${programs} programs`, async () => {
  let statements = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), aComparableProgram, async (seed, steps) => {
      statements += await compare(record(seed, steps));
    }),
    { numRuns: programs, ...seed },
  );
  process.stdout.write(`compared with Postgres: ${programs} programs, ${statements} statements\n`);
}, 600_000);

const verbs = ['join', 'leave', 'remove', 'ban', 'unban', 'mute', 'unmute', 'appoint', 'hand_over'] as const;
/** The server itself does none of these. */
const verbsOfMembers: readonly string[] = ['remove', 'hand_over'];
const roles = ['member', 'moderator'] as const;
const people = [1, 2, 3, 4].map((n) => `00000000-0000-7000-8000-00000000000${n}`);
const aMembershipChange = fc.record({
  verb: fc.constantFrom(...verbs, 'join', 'leave'),
  actor: fc.option(fc.nat(people.length - 1), { freq: 8, nil: undefined }),
  user: fc.nat(people.length - 1),
  role: fc.constantFrom(...roles),
});

test('the model and Postgres agree who owns a room, whoever leaves it', async () => {
  const [lobbyId, roomId] = [8, 9].map((n) => `00000000-0000-7000-8000-00000000000${n}`) as [string, string];
  await fc.assert(
    fc.asyncProperty(fc.array(aMembershipChange, { maxLength: 30 }), async (changes) => {
      const records: Recorded[] = [];
      const model: ModelDatabase = recordingDatabase(records, lobbyId, Date.now, memberRevs);
      for (const [n, id] of people.entries())
        model.addUser({ id, kind: 'guest', displayName: '', profileRev: 1, tag: `00000${n}` });
      model.addConversation(roomId, 'room', people[0]);
      for (const { verb, actor, user, role } of changes) {
        const isOwn = verb === 'join' || verb === 'leave';
        const actorId =
          actor === undefined && !verbsOfMembers.includes(verb) ? undefined : people[isOwn ? user : (actor ?? 0)];
        const until = verb === 'mute' ? { until: '2100-01-01T00:00:00.000Z' } : {};
        model.changeMembership(roomId, actorId, people[user]!, verb, { ...(verb === 'appoint' && { role }), ...until });
      }
      for (const id of people) {
        model.unreadable(roomId, id);
        model.personalChangesAfter(id, 0);
      }
      model.changesAfter(roomId, 0);
      await compare(records, 1);
    }),
    { numRuns: 60, ...seed },
  );
}, 120_000);

/**
 * Asks Postgres what the model was asked, of the readings one in `every`, and compares the answers. Returns how many.
 */
async function compare(records: readonly Recorded[], every = readEvery): Promise<number> {
  await node.database.query(
    'truncate users, sessions, personal_heads, conversations, conversation_heads, memberships, messages, message_keys, message_edits, reactions, slow_marks, former_names, friendships, blocks, drafts, personal_settings cascade',
  );
  let [statements, reads] = [0, 0];
  for (const each of records) {
    if (isRead.has(each.method) && reads++ % every > 0) continue;
    statements++;
    const ask = inPostgres[each.method] as (...args: unknown[]) => Promise<unknown>;
    const answer = await ask(...each.args);
    const ofModel = toComparison(each);
    expect({ ...each, answer: comparable(answer) }).toEqual({ ...each, answer: comparable(ofModel) });
  }
  return statements;
}

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

/** Normalises an answer of either side. Times differ by their clocks and are removed. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (key, each: unknown) =>
    key.endsWith('At') || key === 'mutedUntil' || key === 'at' ? typeof each : each,
  );
  return JSON.parse(text) as unknown;
}

const sql = <T extends object>(text: string, values: unknown[] = []) =>
  node.database.query<T & Record<string, unknown>>(text, values);

/** Takes the next personal rev, for rows that the product makes in other ways. */
async function bump(userId: string): Promise<number> {
  const [row] = await sql<{ rev: number }>(
    `insert into personal_heads (user_id, rev) values ($1, 1)
     on conflict (user_id) do update set rev = personal_heads.rev + 1 returning rev`,
    [userId],
  );
  return row!.rev;
}

/**
 * Each method of the model as the product asks Postgres: by its repositories. Only what a program begins with is
 * inserted.
 */
const inPostgres: Record<RecordedMethod, (...args: never[]) => Promise<unknown>> = {
  addUser: async ({ id, tag }: User) =>
    void (await sql(`insert into users (id, kind, tag) values ($1, 'guest', $2)`, [id, tag])),
  addConversation: async (id: string, kind: string, owner?: string) => {
    await sql(
      `insert into conversations (id, kind, member_count, visibility) values ($1, $2, $3, case $2 when 'room' then 'public' end)`,
      [id, kind, owner ? 1 : 0],
    );
    await sql('insert into conversation_heads (conversation_id) values ($1)', [id]);
    if (owner === undefined) return;
    await sql(
      `insert into memberships (conversation_id, user_id, role, state, feed_rev) values ($1, $2, 'owner', 'joined', $3)`,
      [id, owner, await bump(owner)],
    );
  },
  beginSession: async (sessionId: string, userId: string) =>
    void (await auth.sessionsRepository.begin({
      sessionId,
      userId,
      passwordHash: null,
      label: '',
      sessionMs: 86_400_000,
    })),
  endSession: async (id: string) => (await auth.sessionsRepository.end(id, 'logged_out'))?.rev,
  rename: async (userId: string, name: string) => {
    const { rev, author } = (await auth.usersRepository.changeProfile(userId, name))!;
    return rev === null ? undefined : [rev, author.profile_rev];
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
    verb: MembershipVerb,
    { role, until }: { role?: Role; until?: string } = {},
  ) => {
    const details = { ...(role && { role }), ...(until !== undefined && { until: new Date(until) }) };
    const rows = await node.membershipsRepository.change(conversationId, actorId, userId, verb, details);
    return toMembersTold(rows);
  },
  changeRoomSettings: async (
    id: string,
    actorId: string,
    { title, slowModeMs }: { title: string; slowModeMs: number },
  ) => {
    const { code, rev } = await node.roomSettingsRepository.change(id, actorId, { name: title, slowModeMs }, []);
    return [code, rev];
  },
  raiseFloor: async (id: string, floorSeq: number) => node.retentionRepository.raiseFloor(id, floorSeq),
  markRead: async (userId: string, id: string, seq: number) => {
    const rows = await node.marksRepository.writeReadMarks([{ u: userId, c: id, seq }]);
    const row = rows.find(({ kind }) => kind === 'membership');
    return row && [(row.data as MembershipRow).read_seq, row.rev];
  },
  changeFriend: async (userId: string, otherId: string, verb: FriendVerb, note?: string) =>
    toTold(await node.friendsRepository.changeFriend(userId, otherId, verb, note)),
  changeBlock: async (userId: string, otherId: string, level: Block['level']) =>
    toTold(await node.friendsRepository.changeBlock(userId, otherId, level)),
  openDirect: async (userId: string, otherId: string, newId: string) =>
    toTold(await node.friendsRepository.openDirect(userId, otherId, newId)),
  mark: async (userId: string, id: string, mark: Mark) => toTold(await node.marksRepository.mark(userId, id, mark)),
  createGroup: async (actorId: string, id: string, title: string, userIds: readonly string[]) =>
    toMembersTold(await node.groupsRepository.create(actorId, { id, title, userIds })),
  changeGroup: async (id: string, actorId: string, userId: string, verb: GroupVerb) =>
    toMembersTold(await node.groupsRepository.change(id, actorId, userId, verb)),
  writeDraft: async (u: string, { conversationId: c, body }: Draft) => {
    const rows = await node.marksRepository.writeDrafts([{ u, c, body }]);
    return rows[0]!.kind === 'refused' ? { code: 'not_found', told: [] } : toTold(rows);
  },
  changePreferences: async (userId: string, change: Partial<PersonalSettings>) =>
    toTold(await node.friendsRepository.changeSettings(userId, change)),
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

function toMembersTold(told: readonly WrittenMember[]): unknown {
  return told.map(({ code, user_id, rev, feed_rev }) => (code === null ? [user_id, rev, feed_rev] : code));
}

/** In the order of users, as the model does not know in which order rows come. */
function toTold(rows: readonly PersonalFeedRow[]): unknown {
  const code = rows.find(({ kind }) => kind === 'refused')?.data;
  const told = rows.flatMap(({ user_id: userId, rev, kind, data }) =>
    rev === null || kind === 'exists'
      ? []
      : [{ userId, change: node.personalFeedKinds.toChanges(userId, [{ kind, rev, data }])[0]! }],
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

/** Selects the part of the model's answer that PostgreSQL is asked for. */
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
  changeMembership: ({ code, told }: MembershipVerdict) => [
    ...told.map(({ userId, rev, feedRev }) => [userId, rev ?? null, feedRev]),
    ...(code === undefined ? [] : [code]),
  ],
  changeRoomSettings: ({ code, change }: SettingsVerdict) => [code ?? null, change?.rev ?? null],
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
