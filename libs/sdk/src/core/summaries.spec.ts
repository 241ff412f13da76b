import type { NoticeLevel } from '@cloudhop/contracts';
import { aLiveWorld, hear, lobbyId, me, other, type World } from '../testing/worlds';
import { Summaries } from './summaries';
import { unreadOf } from './unread';

/** The lobby's line as if it were a group's, with this much to be heard of it. */
function line({ device, clock }: World, notices?: NoticeLevel, quietUntil?: string) {
  const { state } = device;
  const feed = state.feeds.get(lobbyId)!;
  const conversation = {
    ...feed.conversation,
    kind: 'group' as const,
    ...(notices && { notices }),
    ...(quietUntil && { quietUntil }),
  };
  const users = new Map(state.people.users).set(me, { ...state.people.users.get(me)!, tag: 'e20b5f' });
  const feeds = new Map([[lobbyId, { ...feed, conversation }]]);
  const {
    unread,
    mentions,
    notices: level,
    badge,
  } = new Summaries().all({ ...state, people: { ...state.people, users }, feeds }, clock.now).get(lobbyId)!;
  return { unread, mentions, level, badge };
}

function aWorldWithNews(): World {
  const world = aLiveWorld();
  for (const body of ['one', '@e20b5f two', 'three']) hear(world, body);
  world.device.settle();
  return world;
}

test('a badge counts what its level says: everything, what names one, or nothing', () => {
  const world = aWorldWithNews();
  const known = { unread: 3, mentions: [2] };
  expect(line(world)).toEqual({ ...known, level: 'all', badge: 3 });
  expect(line(world, 'mentions')).toEqual({ ...known, level: 'mentions', badge: 1 });
  expect(line(world, 'none')).toEqual({ ...known, level: 'none', badge: 0 });
});

test('in a quiet time only mentions count, and everything again after it', () => {
  const world = aWorldWithNews();
  const at = (ms: number) => new Date(world.clock.now + ms).toISOString();
  expect(line(world, 'all', at(60_000))).toMatchObject({ level: 'mentions', badge: 1 });
  expect(line(world, 'none', at(60_000))).toMatchObject({ badge: 0 });
  expect(line(world, 'all', at(-60_000))).toMatchObject({ level: 'all', badge: 3 });
});

test('what was read names nobody any more', () => {
  const world = aWorldWithNews();
  world.device.dispatch({ type: 'markRead', conversationId: lobbyId, seq: 2 });
  expect(line(world)).toMatchObject({ unread: 1, mentions: [] });
});

test('an edit that takes a name away takes it from the badge too where the message is not loaded', () => {
  const world = aLiveWorld();
  const ids = ['@e20b5f one', '@e20b5f two', 'three'].map((body) => hear(world, body));
  world.device.settle();
  const { state } = world.device;
  const feed = state.feeds.get(lobbyId)!;
  const conversation = { ...feed.conversation, mentions: [1, 2] };
  world.device.state = {
    ...state,
    people: {
      ...state.people,
      users: new Map(state.people.users).set(me, { ...state.people.users.get(me)!, tag: 'e20b5f' }),
    },
    feeds: new Map(state.feeds).set(lobbyId, { ...feed, conversation, rows: [], first: 4 }),
  };
  const edit = (id: string, body: string) =>
    world.server.answer(other, 'message:edit', { conversationId: lobbyId, id, body, editId: world.clock.nextId() });
  edit(ids[0]!, 'somebody else');
  edit(ids[1]!, '@e20b5f still');
  world.device.settle();
  expect(world.device.state.feeds.get(lobbyId)!.conversation.mentions).toEqual([2]);
});

test('deleted messages are not unread: those that a device holds, and those of which only the server told', () => {
  const world = aWorldWithNews();
  world.device.dispatch({ type: 'markRead', conversationId: lobbyId, seq: 1 });
  const { state } = world.device;
  const feed = state.feeds.get(lobbyId)!;
  const told = (deletedUnread: number[]) => ({ ...feed, conversation: { ...feed.conversation, deletedUnread } });
  expect(unreadOf(told([]))).toBe(2);
  expect(unreadOf(told([1, 2]))).toBe(1);
  expect(unreadOf({ ...told([2, 3]), rows: [], first: 4 })).toBe(0);
  const rows = feed.rows.map((row) =>
    row.message.seq === 3 ? { ...row, message: { ...row.message, deletedAt: row.message.createdAt } } : row,
  );
  expect(unreadOf({ ...told([3]), rows })).toBe(1);
});

test('lines are the same until something of them changes, and a quiet time ends them by itself', () => {
  const world = aWorldWithNews();
  const summaries = new Summaries();
  const { state } = world.device;
  const feed = state.feeds.get(lobbyId)!;
  const quietUntil = new Date(world.clock.now + 60_000).toISOString();
  const conversation = { ...feed.conversation, kind: 'group' as const, quietUntil };
  const quiet = { ...state, feeds: new Map([[lobbyId, { ...feed, conversation }]]) };
  const lines = summaries.all(quiet, world.clock.now);
  expect(summaries.all({ ...quiet }, world.clock.now + 1_000)).toBe(lines);
  expect(lines.get(lobbyId)!.badge).toBe(0);
  expect(summaries.all(quiet, world.clock.now + 61_000).get(lobbyId)!.badge).toBe(3);
});

test('arrivals are the unread messages of others that stand, as they stand', () => {
  const world = aWorldWithNews();
  const [, two, three] = world.device.state.feeds.get(lobbyId)!.rows.map(({ message }) => message.id);
  const arrivals = () =>
    new Summaries()
      .all(world.device.state, world.clock.now)
      .get(lobbyId)!
      .arrivals.map(({ body }) => body);
  expect(arrivals()).toEqual(['one', '@e20b5f two', 'three']);
  world.server.answer(other, 'message:delete', { conversationId: lobbyId, id: three! });
  world.server.answer(other, 'message:edit', {
    conversationId: lobbyId,
    id: two!,
    body: 'two again',
    editId: world.clock.nextId(),
  });
  world.device.settle();
  expect(arrivals()).toEqual(['one', 'two again']);
  world.device.dispatch({ type: 'markRead', conversationId: lobbyId, seq: 1 });
  expect(arrivals()).toEqual(['two again']);
  const { state } = world.device;
  const personal = { ...state.personal, blocks: new Map([[other, 'muted' as const]]) };
  const { arrivals: unheard } = new Summaries().all({ ...state, personal }, world.clock.now).get(lobbyId)!;
  expect(unheard).toEqual([]);
});
