import { type Actor, type AppSocket, DomainError, limits, postgresCode } from '@cloudhop/api/platform';
import type { Database } from '@cloudhop/api/database';
import { type AuthRepositories, authRepositories } from '@cloudhop/api/auth/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import * as fc from 'fast-check';
import { hashOf, lockWaits, aConversation, conversationFeed, personalFeed } from '@cloudhop/api/conversations/testing';
import { type FeatureNode, startFeatureNode } from './testing';

/*
 * Every run has people and conversations of its own, and everything in it that varies is drawn by fast-check. A failure
 * prints its seed and path: `FC_SEED=… FC_PATH=… npm test -- --selectProjects db --testPathPatterns deadlocks` draws the
 * same run. How Postgres interleaves its statements is not drawn, so a replay repeats the run.
 */
const seed = Number(process.env['FC_SEED'] ?? 20_261_121);
const path = process.env['FC_PATH'];
const [runs, repeats] = path === undefined ? [150, 1] : [1, 50];

type Node = FeatureNode & AuthRepositories;

const database = testDatabase();
const nodes: Node[] = [];
let lobbyId = '';
/** Statements that Postgres ended because of a lock, also if a retry succeeded. Which of its timers ends a deadlock is chance. */
const deadlocks: string[] = [];
const lockFailures = new Set(['40P01', '55P03', '57014']);

beforeAll(async () => {
  for (let n = 0; n < 2; n++) {
    const node = await startFeatureNode(database.url);
    nodes.push({ ...node, ...authRepositories(node.database) });
    recordDeadlocks(node.database);
  }
  lobbyId = await nodes[0]!.conversations.ensureLobby(86_400_000);
});
afterAll(() => Promise.all(nodes.map((node) => node.stop())));
beforeEach(() => void deadlocks.splice(0));

function recordDeadlocks(database: Database): void {
  const watch = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    ((...args: A) =>
      ask.apply(database, args).catch((error: unknown) => {
        const code = postgresCode(error) ?? '';
        if (lockFailures.has(code)) deadlocks.push(`${code} ${typeof args[0] === 'string' ? args[0] : 'transaction'}`);
        throw error;
      })) as typeof ask;
  Object.assign(database, {
    query: watch(database.query),
    prepared: watch(database.prepared),
    transaction: watch(database.transaction),
  });
}

let ids = 0;
/** Returns the next id: none is random, so that a replay differs in nothing. */
const nextId = () => `01900000-0000-7000-8000-${(++ids).toString(16).padStart(12, '0')}`;

/** The hash of the latest recovery code of a person. */
const codes = new Map<string, Buffer>();

/** The people and conversations of one run. */
interface Scene {
  people: Actor[];
  /** The lobby, then two rooms. */
  places: string[];
  /** The latest group that somebody made. */
  group: string;
  /** The latest message of each place. */
  latest: Map<string, string>;
  sockets: AppSocket[];
}

/** Makes four guests who moderate three conversations, were last seen so many days ago, and whose sessions have expired. */
async function aScene(unseenDays: readonly number[]): Promise<Scene> {
  const [node] = nodes as [Node];
  // Guests of earlier runs are seen now, so that the sweep meets only these.
  await database.query(`update users set last_seen_at = now() where last_seen_at < now() - interval '1 day'`);
  const people: Actor[] = [];
  for (const days of unseenDays) people.push(await aGuestLastSeen(days));
  const userIds = people.map(({ userId }) => userId);
  const places = [lobbyId];
  for (let n = 0; n < 2; n++) places.push(await aConversation(node.database, { members: people }));
  await database.query(
    `insert into memberships (conversation_id, user_id, state) select $1, id, 'joined' from unnest($2::uuid[]) as u(id)`,
    [lobbyId, userIds],
  );
  await database.query(`update memberships set role = 'moderator' where user_id = any ($1)`, [userIds]);
  const group = nextId();
  await node.groups.create(people[0]!, { id: group, title: 'Hikers', userIds: [] });
  const scene: Scene = { people, places, group, latest: new Map(), sockets: [] };
  for (const [n, place] of places.entries()) {
    await operations['append']!(node, aTarget(scene, { ...someCall, place: n }));
    const feeds = [conversationFeed(place), personalFeed(userIds[0]!)];
    scene.sockets.push(await nodes[n % 2]!.subscriber(people[0]!, ...feeds));
  }
  return scene;
}

async function aGuestLastSeen(daysAgo: number): Promise<Actor> {
  const [userId, sessionId] = [nextId(), nextId()];
  const guest = { userId, sessionId, tag: userId.slice(-6), displayName: undefined, addressKey: undefined };
  await nodes[0]!.sessionsRepository.createGuest({ ...guest, label: '', sessionMs: 0 });
  const age = `${daysAgo} days`;
  await database.query('update users set last_seen_at = now() - $2::interval where id = $1', [userId, age]);
  return { userId, sessionId, requestId: 'spec' };
}

/** Draws of fast-check for one call of an operation. */
interface Call {
  actor: number;
  other: number;
  place: number;
  on: boolean;
}

const someCall: Call = { actor: 0, other: 1, place: 0, on: true };

interface Target {
  scene: Scene;
  actor: Actor;
  other: Actor;
  place: string;
  /** The latest message of the place. */
  message: string;
  on: boolean;
}

function aTarget(scene: Scene, { actor, other, place, on }: Call): Target {
  const { people, places, latest } = scene;
  const conversationId = places[place]!;
  const message = latest.get(conversationId) ?? nextId();
  return { scene, actor: people[actor]!, other: people[other]!, place: conversationId, message, on };
}

type Operation = (node: Node, target: Target) => Promise<unknown>;

const soon = () => new Date(Date.now() + 50);

/** Everything that writes rows which other operations write too. */
const operations: Record<string, Operation> = {
  append: (node, { scene, actor, place: conversationId }) => {
    const id = nextId();
    scene.latest.set(conversationId, id);
    return node.log.append(actor, { conversationId, id, body: 'said' });
  },
  edit: (node, { actor, place: conversationId, message: id }) =>
    node.log.edit(actor, { conversationId, id, body: 'changed', editId: nextId() }),
  delete: (node, { actor, place: conversationId, message: id }) => node.log.delete(actor, { conversationId, id }),
  react: (node, { actor, place: conversationId, message: id, on }) =>
    node.log.react(actor, { conversationId, id, emoji: '🎉', on }),
  pin: (node, { actor, place: conversationId, message: id, on }) => node.log.pin(actor, { conversationId, id, on }),
  preview: (node, { actor, place: conversationId, message: id }) =>
    node.log.addPreview({ conversationId, id, authorId: actor.userId }, hashOf('said'), {
      url: 'https://example.org/',
      title: 'Trails',
    }),
  index: (node) => node.indexer.catchUp(),
  join: (node, { actor, place }) => node.memberships.join(place, actor.userId),
  leave: (node, { actor, place }) => node.memberships.leave(place, actor.userId),
  ban: (node, { other, place }) => node.memberships.ban('server', place, other.userId),
  unban: (node, { other, place }) => node.memberships.unban('server', place, other.userId),
  mute: (node, { actor, other, place }) => node.memberships.mute(actor, place, other.userId, soon()),
  unmute: (node, { other, place }) => node.memberships.unmute('server', place, other.userId),
  appoint: (node, { other, place }) => node.memberships.appoint('server', place, other.userId, 'moderator'),
  appointOwner: (node, { other, place }) => node.memberships.appoint('server', place, other.userId, 'owner'),
  invite: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'invite'),
  remove: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'remove'),
  handOver: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'hand_over'),
  changeRoom: (node, { actor, place, on }) =>
    node.rooms.change(actor, place, { name: `Room ${nextId()}`, slowModeMs: on ? 1 : 0 }),
  createRoom: (node, { scene, actor }) => {
    // All of a run want the same address.
    const slug = `same-${scene.group}`;
    return node.rooms.create(
      actor,
      { id: nextId(), name: 'Same', visibility: 'public', guests: 'write', isAnnouncement: false },
      [{ slug, skeleton: slug }],
      true,
    );
  },
  ensureLobby: (node) => node.conversations.ensureLobby(86_400_000),
  read: async (node, { scene: { people, places }, actor }) => {
    // Everybody's marks in one statement, in whatever order they came.
    const heads = await node.repository.heads(places);
    const moved = [actor, ...people].flatMap((reader, n) =>
      [...heads].map(([conversationId, { seq }]) =>
        node.readMarks.move(reader, { conversationId, ...(n % 2 ? { seq } : { deliveredSeq: seq }) }),
      ),
    );
    await node.readMarks.flush();
    for (const result of await Promise.allSettled(moved)) if (result.status === 'rejected') letRefusals(result.reason);
  },
  raiseFloor: (node, { place }) => node.retention.raiseFloor(place, 5),
  erase: (node, { place }) => node.retention.erase(place),
  retention: (node) => node.retention.run(),
  requestFriend: (node, { actor, other }) => node.friends.changeFriend(actor, other.userId, 'request'),
  acceptFriend: (node, { actor, other }) => node.friends.changeFriend(actor, other.userId, 'accept'),
  removeFriend: (node, { actor, other }) => node.friends.changeFriend(actor, other.userId, 'remove'),
  block: (node, { actor, other }) => node.friends.changeBlock(actor, other.userId, 'blocked'),
  unblock: (node, { actor, other }) => node.friends.changeBlock(actor, other.userId, 'none'),
  openDirect: (node, { actor, other }) => node.directs.open(actor, other.userId),
  appendDirect: async (node, { actor, other }) => {
    const { conversation } = await node.directs.open(actor, other.userId);
    return node.log.append(actor, { conversationId: conversation.id, id: nextId(), body: 'psst' });
  },
  mark: (node, { actor, place, on: isPinned }) =>
    node.marks.mark(actor, place, { isPinned, isArchived: true, clearedSeq: 1 }),
  muteNotices: (node, { actor, place }) => node.marks.mark(actor, place, { notices: 'mentions', quietUntil: null }),
  changeSettings: (node, { actor, on }) =>
    node.personalSettings.change(actor, { whoMayMessage: on ? 'anyone' : 'friends' }),
  createGroup: async (node, { scene, actor }) => {
    const userIds = scene.people.map(({ userId }) => userId);
    const { conversation } = await node.groups.create(actor, { id: nextId(), title: 'Hikers', userIds });
    scene.group = conversation.id;
  },
  addToGroup: (node, { scene, actor, other }) => node.groups.change(actor, scene.group, other.userId, 'add'),
  joinGroup: (node, { scene, actor }) => node.groups.join(actor, scene.group),
  leaveGroup: (node, { scene, actor }) => node.groups.change(actor, scene.group, actor.userId, 'leave'),
  removeFromGroup: (node, { scene, actor, other }) => node.groups.change(actor, scene.group, other.userId, 'remove'),
  handOverGroup: (node, { scene, actor, other }) => node.groups.change(actor, scene.group, other.userId, 'hand_over'),
  endGroupMembership: (node, { scene, other }) => node.groups.end(scene.group, other.userId),
  changeGroup: (node, { scene, actor }) =>
    node.groups.changeSettings(actor, scene.group, { title: `Group ${nextId().slice(-6)}` }),
  draft: (node, { scene: { people, places } }) =>
    node.marksRepository.writeDrafts(people.flatMap(({ userId: u }) => places.map((c) => ({ u, c, body: nextId() })))),
  lastSeen: (node, { scene: { people } }) => node.lastSeenRepository.write(people.map(({ userId }) => userId)),
  rename: (node, { actor }) => node.usersRepository.changeProfile(actor.userId, `Name ${nextId().slice(-6)}`),
  register: (node, { actor }) => {
    const username = `name_${nextId().slice(-12)}`;
    const name = { username, key: username, skeleton: username, passwordHash: '' };
    const session = { sessionId: actor.sessionId, successorId: nextId(), sessionMs: 60_000 };
    return node.usersRepository.register(actor.userId, name, session);
  },
  signIn: (node, { actor }) =>
    node.sessionsRepository.begin({
      sessionId: nextId(),
      userId: actor.userId,
      passwordHash: null,
      label: 'Firefox',
      sessionMs: 60_000,
    }),
  changePassword: (node, { actor }) =>
    node.usersRepository.changePassword(actor.userId, {
      before: '',
      after: '',
      keptSessionId: actor.sessionId,
      keepsTokens: false,
    }),
  replaceCodes: async (node, { actor }) => {
    const code = Buffer.from(nextId());
    await node.usersRepository.replaceRecoveryCodes(actor.userId, null, [code]);
    codes.set(actor.userId, code);
  },
  recover: (node, { actor, on }) =>
    node.usersRepository.useRecoveryCode(codes.get(actor.userId) ?? Buffer.from('none'), on ? 'new' : undefined),
  signOut: (node, { actor }) => node.sessionsRepository.end(actor.sessionId, 'logged_out'),
  see: (node, { actor }) => node.sessionsRepository.see(actor.userId, 0, undefined),
  forget: (node, { actor }) => node.usersRepository.forget(actor.userId, 'revoked'),
  sweep: async (node) => {
    for (const userId of await node.usersRepository.unseenGuests(limits.guestSessionMs, [], 100))
      await node.usersRepository.forgetUnseenGuest(userId, limits.guestSessionMs);
  },
};

const refusals = new Set([
  'not_found',
  'forbidden',
  'banned',
  'muted',
  'slow_mode',
  'session_ended',
  'too_many_reactions',
  'not_accepting',
  'person_gone',
  'limit_reached',
  // Of oneself.
  'invalid',
  'slug_taken',
  'members_only',
  'archived',
]);

/** Lets refusals of the contract through. Throws anything else. */
function letRefusals(error: unknown): void {
  if (!(error instanceof DomainError) || !refusals.has(error.code)) throw error;
}

/** Requires that seqs and revs of every place have no holes above the floor, and that no membership is of nothing. */
async function expectDenseHeads({ places }: Scene): Promise<void> {
  const logs = await database.query<
    Record<'head' | 'floor' | 'count' | 'low' | 'high' | 'rev' | 'highRev' | 'revs', number>
  >(
    `select h.seq::int as head, h.floor_seq::int as floor, count(m.seq)::int as count, min(m.seq)::int as low,
       max(m.seq)::int as high, h.rev::int as rev, max(m.rev)::int as "highRev", count(distinct m.rev)::int as revs
     from conversation_heads h left join messages m on m.conversation_id = h.conversation_id and m.seq > h.floor_seq
     where h.conversation_id = any ($1) group by h.conversation_id`,
    [places],
  );
  expect(logs).toHaveLength(places.length);
  const orphans = await database.query(
    'select from memberships m where not exists (select from conversations c where c.id = m.conversation_id)',
  );
  expect(orphans).toEqual([]);
  for (const { head, floor, rev, highRev, ...found } of logs) {
    const [low, high] = head === floor ? [null, null] : [floor + 1, head];
    expect(found).toEqual({ low, high, count: head - floor, revs: head - floor });
    expect(highRev ?? 0).toBeLessThanOrEqual(rev);
  }
}

test('a node that starts while the settings of the lobby change does not wait for their lock', async () => {
  await nodes[0]!.database.transaction(async (client) => {
    await client.query('update conversation_heads set rev = rev + 1 where conversation_id = $1', [lobbyId]);
    await expect(nodes[1]!.conversations.ensureLobby(86_400_000)).resolves.toBe(lobbyId);
  });
});

test('a guest signs out while two who are friends, one of them this guest, are forgotten', async () => {
  // The sweep begins with the first, whose friend is the second.
  const scene = await aScene([60, 50, 0, 0]);
  const second = aTarget(scene, { ...someCall, actor: 1 });
  await nodes[0]!.friends.changeFriend(scene.people[0]!, second.actor.userId, 'request');
  // Both wait for the personal head of the second guest: the sweep, and behind it the sign-out, which has locked the session.
  const ended = await nodes[0]!.database.transaction(async (client) => {
    await client.query('set local idle_in_transaction_session_timeout = 0');
    await client.query('select from personal_heads where user_id = $1 for no key update', [second.actor.userId]);
    const swept = operations['sweep']!(nodes[1]!, second);
    await lockWaits(database, 1);
    const signedOut = operations['signOut']!(nodes[0]!, second);
    await lockWaits(database, 2);
    // Wrapped, or returning it would wait for it inside the transaction.
    return { both: Promise.all([swept, signedOut]) };
  });
  await ended.both;
  expect(deadlocks).toEqual([]);
}, 20_000);

test('a recovery code is used while its user is deleted', async () => {
  const target = aTarget(await aScene([0, 0, 0, 0]), { ...someCall, actor: 1 });
  const { userId } = target.actor;
  await operations['replaceCodes']!(nodes[0]!, target);
  // Both wait for the user, whoever deletes them first.
  const ended = await nodes[0]!.database.transaction(async (client) => {
    await client.query('set local idle_in_transaction_session_timeout = 0');
    await client.query('select from users where id = $1 for no key update', [userId]);
    const deleted = operations['forget']!(nodes[1]!, target);
    await lockWaits(database, 1);
    const used = operations['recover']!(nodes[0]!, target);
    await lockWaits(database, 2);
    return { both: Promise.all([deleted, used]) };
  });
  await ended.both;
  expect(deadlocks).toEqual([]);
}, 20_000);

const anyOperation = fc.tuple(
  fc.constantFrom(...Object.keys(operations)),
  fc.record({ actor: fc.nat(3), other: fc.nat(3), place: fc.nat(2), on: fc.boolean() }, { noNullPrototype: true }),
);
const someOperations = fc.array(anyOperation, { minLength: 12, maxLength: 12 });
const anyRun = fc.record(
  {
    unseenDays: fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 4, maxLength: 4 }),
    before: fc.array(anyOperation, { maxLength: 6 }),
    atOnce: fc.tuple(someOperations, someOperations),
  },
  { noNullPrototype: true },
);

test('I6: any operations at once on two nodes end in an answer: no deadlock and no time-out, and the heads stay dense', async () => {
  const property = fc.asyncProperty(anyRun, async ({ unseenDays, before, atOnce }) => {
    for (let attempt = 0; attempt < repeats; attempt++) {
      const scene = await aScene(unseenDays);
      const run = (node: Node, [name, call]: [string, Call]) =>
        operations[name]!(node, aTarget(scene, call)).catch(letRefusals);
      for (const operation of before) await run(nodes[0]!, operation);
      await Promise.all(nodes.flatMap((node, n) => atOnce[n]!.map((operation) => run(node, operation))));
      for (const socket of scene.sockets) socket.disconnect();
      expect(deadlocks).toEqual([]);
      await expectDenseHeads(scene);
    }
  });
  await fc.assert(property, { numRuns: runs, seed, ...(path !== undefined && { path }), endOnFailure: true });
  process.stdout.write(`deadlocks: ${runs} runs of operations at once, seed ${seed}\n`);
}, 120_000);
