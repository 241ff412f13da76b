import { type Actor, type Database, DomainError, postgresCode } from '@cloudhop/api/core';
import { testDatabase } from '@cloudhop/api/core/testing';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, aConversation, aGuest, conversationFeed, personalFeed, startLogNode } from './testing/log-node';

/*
 * It fails as it should when membership_change_v1 takes the personal head before the conversation's: a pair of two
 * changes of one member, or of one and a read mark of several conversations, then ends in a deadlock.
 */

const database = testDatabase();
const nodes: LogNode[] = [];
/** What Postgres ended because two waited for each other, whoever tried it again: which of its two timers ends it is chance. */
const deadlocks: string[] = [];
const endedByWaiting = new Set(['40P01', '55P03', '57014']);

const people: Actor[] = [];
const places: string[] = [];
/** The latest group that somebody made. */
let group = '';
/** The latest messages, by conversation. */
const messages = new Map<string, string[]>();

beforeAll(async () => {
  for (let n = 0; n < 2; n++) nodes.push(await startLogNode(database.url));
  const [node] = nodes;
  for (const { database } of nodes) takeDownDeadlocks(database);
  for (let n = 0; n < 4; n++) people.push(await aGuest(node!.database));
  places.push(await node!.conversations.ensureLobby(86_400_000));
  for (let n = 0; n < 2; n++) places.push(await aConversation(node!.database, { members: people }));
  group = (await node!.groups.create(people[0]!, { id: uuidv7(), title: 'Hikers', userIds: [] })).conversation.id;
  for (const [n, place] of places.entries()) {
    messages.set(place, []);
    await nodes[n % 2]!.follower(people[0]!, conversationFeed(place), personalFeed(people[0]!.userId));
  }
});
afterAll(() => Promise.all(nodes.map((node) => node.stop())));

function takeDownDeadlocks(database: Database): void {
  const watch = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    ((...args: A) =>
      ask.apply(database, args).catch((error: unknown) => {
        if (endedByWaiting.has(postgresCode(error) ?? '')) deadlocks.push(String(args[0]));
        throw error;
      })) as typeof ask;
  Object.assign(database, { query: watch(database.query), prepared: watch(database.prepared) });
}

interface Target {
  actor: Actor;
  other: Actor;
  place: string;
  message: string;
}

type Operation = (node: LogNode, target: Target) => Promise<unknown>;

const soon = () => new Date(Date.now() + 50);

/** Everything that writes rows which others write too. */
const operations: Record<string, Operation> = {
  append: (node, { actor, place: conversationId }) => {
    const id = uuidv7();
    messages.get(conversationId)!.push(id);
    return node.log.append(actor, { conversationId, id, body: 'said' });
  },
  edit: (node, { actor, place: conversationId, message: id }) =>
    node.log.edit(actor, { conversationId, id, body: 'changed', editId: uuidv7() }),
  delete: (node, { actor, place: conversationId, message: id }) => node.log.delete(actor, { conversationId, id }),
  react: (node, { actor, place: conversationId, message: id }) =>
    node.log.react(actor, { conversationId, id, emoji: '🎉', on: Math.random() < 0.5 }),
  join: (node, { actor, place }) => node.memberships.join(place, actor.userId),
  leave: (node, { actor, place }) => node.memberships.leave(place, actor.userId),
  ban: (node, { other, place }) => node.memberships.ban('server', place, other.userId),
  unban: (node, { other, place }) => node.memberships.unban('server', place, other.userId),
  mute: (node, { actor, other, place }) => node.memberships.mute(actor, place, other.userId, soon()),
  unmute: (node, { other, place }) => node.memberships.unmute('server', place, other.userId),
  appoint: (node, { other, place }) => node.memberships.appoint('server', place, other.userId, 'moderator'),
  invite: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'invite'),
  takeOut: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'remove'),
  pass: (node, { actor, other, place }) => node.memberships.change(actor, place, other.userId, 'hand_over'),
  crown: (node, { other, place }) => node.memberships.appoint('server', place, other.userId, 'owner'),
  settings: (node, { actor, place }) =>
    node.rooms.change(actor, place, { name: uuidv7(), slowModeMs: Math.random() < 0.5 ? 0 : 1 }),
  found: (node, { actor }) =>
    node.rooms.create(
      actor,
      { id: uuidv7(), name: 'Same', visibility: 'public', guests: 'write', isAnnouncement: false },
      [{ slug: 'same', skeleton: 'same' }],
      true,
    ),
  pin: (node, { actor, place: conversationId, message: id }) =>
    node.log.pin(actor, { conversationId, id, on: Math.random() < 0.5 }),
  lobby: (node) => node.conversations.ensureLobby(86_400_000),
  read: async (node, { actor }) => {
    // Everybody's marks in one statement, in whatever order they came.
    const heads = await node.database.query<{ id: string; seq: number }>(
      'select conversation_id as id, seq from conversation_heads where conversation_id = any ($1)',
      [places],
    );
    const moved = [actor, ...people].flatMap((reader, n) =>
      heads.map(({ id: conversationId, seq }) =>
        node.readMarks.move(reader, { conversationId, ...(n % 2 ? { seq } : { deliveredSeq: seq }) }),
      ),
    );
    await node.readMarks.flush();
    for (const result of await Promise.allSettled(moved)) if (result.status === 'rejected') letRefusals(result.reason);
  },
  raiseFloor: (node, { place }) => node.retention.raiseFloor(place, new Date(Date.now() - 150)),
  erase: (node, { place }) => node.retention.erase(place),
  retention: (node) => node.retention.run(),
  rename: (node, { actor }) =>
    node.database.query('select profile_change_v1($1, $2, null, 1000000, 1000000, 1)', [
      actor.userId,
      uuidv7().slice(-8),
    ]),
  ask: (node, { actor, other }) => node.relations.changeFriend(actor, other.userId, 'request'),
  accept: (node, { actor, other }) => node.relations.changeFriend(actor, other.userId, 'accept'),
  remove: (node, { actor, other }) => node.relations.changeFriend(actor, other.userId, 'remove'),
  block: (node, { actor, other }) => node.relations.changeBlock(actor, other.userId, 'blocked'),
  unblock: (node, { actor, other }) => node.relations.changeBlock(actor, other.userId, 'none'),
  openDirect: (node, { actor, other }) => node.relations.openDirect(actor, other.userId),
  whisper: async (node, { actor, other }) => {
    const { conversation } = await node.relations.openDirect(actor, other.userId);
    return node.log.append(actor, { conversationId: conversation.id, id: uuidv7(), body: 'psst' });
  },
  keep: (node, { actor, place }) =>
    node.relations.mark(actor, place, { isPinned: Math.random() < 0.5, isArchived: true, clearedSeq: 1 }),
  hush: (node, { actor, place }) => node.relations.mark(actor, place, { notices: 'mentions', quietUntil: null }),
  gather: async (node, { actor }) => {
    const userIds = people.map(({ userId }) => userId);
    const { conversation } = await node.groups.create(actor, { id: uuidv7(), title: 'Hikers', userIds });
    group = conversation.id;
  },
  bring: (node, { actor, other }) => node.groups.change(actor, group, other.userId, 'add'),
  enter: (node, { actor }) => node.groups.join(actor, group),
  quit: (node, { actor }) => node.groups.change(actor, group, actor.userId, 'leave'),
  expel: (node, { actor, other }) => node.groups.change(actor, group, other.userId, 'remove'),
  handOver: (node, { actor, other }) => node.groups.change(actor, group, other.userId, 'hand_over'),
  retitle: (node, { actor }) => node.groups.changeSettings(actor, group, { title: uuidv7() }),
  prefer: (node, { actor }) =>
    node.relations.changeSettings(actor, { whoMayMessage: Math.random() < 0.5 ? 'anyone' : 'friends' }),
  draft: (node) =>
    node.personal.writeDrafts(people.flatMap(({ userId }) => places.map((c) => ({ u: userId, c, body: uuidv7() })))),
  forget: (node, { actor }) =>
    node.database.retrying(() => node.database.query(`select user_forget_v1($1, 'revoked')`, [actor.userId])),
  signOut: (node, { actor }) => node.database.query('select session_end_v1($1, $2)', [actor.sessionId, 'logged_out']),
  sweep: async (node) => {
    const forget = () => node.database.query('select * from guest_forget_v1($1)', [-1]);
    while ((await node.database.retrying(forget)).length > 0);
  },
};

const typed = new Set([
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

/** Lets through what the contract says of an asker; anything else fails the test. */
function letRefusals(error: unknown): void {
  if (!(error instanceof DomainError) || !typed.has(error.code)) throw error;
}

/** Everybody is there again, with a session, and unseen for long enough to be swept. */
async function restore(): Promise<void> {
  await database.query(
    `update users set anonymised_at = null, last_seen_at = now() - random() * interval '1 day' where id = any ($1)`,
    [people.map(({ userId }) => userId)],
  );
  await database.query(
    `update memberships set state = 'joined', muted_until = null, role = 'moderator' where user_id = any ($1)`,
    [people.map(({ userId }) => userId)],
  );
  // Made long enough ago for another, and with somebody who decides.
  await database.query(`update conversations set created_at = now() - interval '2 days' where kind = 'group'`);
  await database.query(`update memberships set role = 'owner' where conversation_id = $1 and user_id = $2`, [
    group,
    people[0]!.userId,
  ]);
  await database.query('delete from sessions');
  await database.query(
    `insert into sessions (id, user_id, expires_at) select id, user_id, now() from unnest($1::uuid[], $2::uuid[]) as s(id, user_id)`,
    [people.map(({ sessionId }) => sessionId), people.map(({ userId }) => userId)],
  );
  for (const place of places) await operations['append']!(nodes[0]!, { ...aTarget(0, 1, 0), place });
}

function aTarget(person: number, other: number, place: number): Target {
  const conversationId = places[place]!;
  const known = messages.get(conversationId)!;
  return { actor: people[person]!, other: people[other]!, place: conversationId, message: known.at(-1) ?? uuidv7() };
}

test('a node that starts while the settings of the lobby change does not wait for their lock', async () => {
  const [lobby] = places;
  await nodes[0]!.database.transaction(async (client) => {
    await client.query('update conversation_heads set rev = rev + 1 where conversation_id = $1', [lobby]);
    await expect(nodes[1]!.conversations.ensureLobby(86_400_000)).resolves.toBe(lobby);
  });
});

test('a guest signs out while two who are friends, one of them this guest, are forgotten', async () => {
  await restore();
  const [earlier, later] = people.slice(0, 2).toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
  await nodes[0]!.relations.changeFriend(earlier!, later!.userId, 'request');
  // The beginning of session_end_v1, and its end when the sweep has come as far as it can.
  const swept = await nodes[0]!.database.transaction(async (client) => {
    // However long it takes to see it wait.
    await client.query('set local idle_in_transaction_session_timeout = 0');
    await client.query('select from sessions where id = $1 for no key update', [later!.sessionId]);
    const swept = operations['sweep']!(nodes[1]!, aTarget(0, 1, 0));
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await database.query(waiting)).length === 0) await new Promise((resume) => setTimeout(resume, 5));
    await client.query('select personal_bump_v1($1)', [later!.userId]);
    return { swept };
  });
  await swept.swept;
  expect(deadlocks).toEqual([]);
}, 20_000);

const operation = fc.record({
  name: fc.constantFrom(...Object.keys(operations)),
  targets: fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2)), { minLength: 5, maxLength: 5 }),
});

test('I6: any two operations at once on two nodes end in an answer: no deadlock and no time-out, and the heads stay dense', async () => {
  await fc.assert(
    fc.asyncProperty(operation, operation, async (left, right) => {
      await restore();
      await Promise.all(
        [left, right].flatMap(({ name, targets }, n) =>
          targets.map((target) => operations[name]!(nodes[n]!, aTarget(...target)).catch(letRefusals)),
        ),
      );
      expect(deadlocks).toEqual([]);
    }),
    { numRuns: 300, endOnFailure: true },
  );
  await restore();
  for (const conversationId of places) {
    const [log] = await database.query<
      Record<'head' | 'floor' | 'count' | 'low' | 'high' | 'rev' | 'highRev' | 'revs', number>
    >(
      `select h.seq::int as head, h.floor_seq::int as floor, count(m.seq)::int as count, min(m.seq)::int as low,
         max(m.seq)::int as high, h.rev::int as rev, max(m.rev)::int as "highRev", count(distinct m.rev)::int as revs
       from conversation_heads h join messages m on m.conversation_id = h.conversation_id and m.seq > h.floor_seq
       where h.conversation_id = $1 group by h.seq, h.floor_seq, h.rev`,
      [conversationId],
    );
    const { head, floor, rev } = log!;
    expect(log).toMatchObject({ low: floor + 1, high: head, count: head - floor, revs: head - floor });
    expect(log!.highRev).toBeLessThanOrEqual(rev);
  }
}, 120_000);
