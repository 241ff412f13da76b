import { type FeedFrame, personalFeed } from '@cloudhop/api/realtime';
import type { Conversation, Role, limits } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import {
  groupOf,
  type GroupVerdict,
  type MembershipVerb,
  type ModelDatabase,
  type PeopleVerdict,
} from '@cloudhop/sdk/testing';
import { uniqueText } from './gone-texts';
import { frameOf, personalFrames } from './node-commits';
import type { SimulatedNode } from './node';
import type { Tab } from './tab';
import type { World } from './world';

const emojis = ['🎉', '🌷', '😀', '👍'];
const friendVerbs = ['request', 'accept', 'request', 'decline', 'withdraw', 'remove', 'accept'] as const;
const groupVerbs = ['join', 'add', 'leave', 'join', 'remove', 'add', 'hand_over'] as const;
const blockLevels = ['blocked', 'none', 'muted', 'none'] as const;
const minute = 60_000;
const forEver = '2200-01-01T00:00:00.000Z';

interface Place {
  readonly world: World;
  readonly tab: Tab;
  readonly conversationId: string;
  readonly node: SimulatedNode | undefined;
  readonly n: number;
}

/** One thing that happens; `n` picks what it happens to. What makes no sense at the moment does nothing. */
const verbs = {
  send: ({ world, tab, conversationId, n }) => {
    if (!tab.state.feeds.has(conversationId)) return;
    const id = world.nextId();
    const { rows, jumpWindow } = tab.state.feeds.get(conversationId)!;
    const answerable = jumpWindow && n % 4 === 0 ? jumpWindow.rows : rows;
    const answered = n % 2 === 0 ? answerable[Math.floor(n / 2) % Math.max(1, answerable.length)] : undefined;
    tab.sent.push(id);
    const replyTo = answered && { replyTo: answered.message.id };
    tab.dispatch({ type: 'send', conversationId, id, body: uniqueText(id), ...replyTo });
  },
  edit: (place) => {
    const messageId = ownMessage(place);
    const { tab, conversationId, world } = place;
    const entryId = world.nextId();
    if (messageId) tab.dispatch({ type: 'edit', conversationId, messageId, entryId, body: uniqueText(entryId) });
  },
  remove: (place) => {
    const messageId = ownMessage(place);
    const { tab, conversationId, world } = place;
    if (messageId) tab.dispatch({ type: 'remove', conversationId, messageId, entryId: world.nextId() });
  },
  undoRemove: ({ tab }) => {
    const entry = tab.state.outbox.entries.find(({ kind }) => kind === 'delete');
    if (entry) tab.dispatch({ type: 'undoRemove', entryId: entry.entryId });
  },
  react: ({ world, tab, conversationId, n }) => {
    const rows = tab.state.feeds.get(conversationId)?.rows ?? [];
    const messageId = rows[n % Math.max(1, rows.length)]?.message.id;
    const emoji = emojis[n % emojis.length]!;
    const entryId = world.nextId();
    if (messageId) tab.dispatch({ type: 'react', conversationId, messageId, entryId, emoji, on: n % 3 > 0 });
  },
  retry: ({ tab }) => {
    const entry = tab.state.outbox.entries.find(({ state }) => state === 'failed');
    if (entry) tab.dispatch({ type: 'retry', entryId: entry.entryId });
  },
  discard: ({ tab, n }) => {
    const entry = tab.state.outbox.entries[n % Math.max(1, tab.state.outbox.entries.length)];
    if (entry) tab.dispatch({ type: 'discard', entryId: entry.entryId });
  },
  read: ({ tab, conversationId, n }) => {
    const seq = tab.state.feeds.get(conversationId)?.conversation.seq ?? 0;
    tab.dispatch({ type: 'markRead', conversationId, seq: Math.max(0, seq - (n % 3)) });
  },
  loadBefore: ({ tab, conversationId }) => tab.dispatch({ type: 'loadBefore', conversationId }),
  jump: ({ tab, conversationId, n }) => {
    const seq = tab.state.feeds.get(conversationId)?.conversation.seq ?? 0;
    tab.dispatch({ type: 'jumpTo', conversationId, seq: Math.max(1, seq - (n % 40)) });
  },
  goOn: ({ tab, conversationId }) => tab.dispatch({ type: 'loadAfter', conversationId }),
  goBack: ({ tab, conversationId }) => tab.dispatch({ type: 'jumpToLatest', conversationId }),
  open: ({ tab, conversationId }) => {
    if (tab.state.feeds.has(conversationId)) tab.dispatch({ type: 'open', conversationId });
  },
  close: ({ tab, conversationId }) => tab.dispatch({ type: 'close', conversationId }),
  reload: ({ world, tab }) => {
    world.counts.faults++;
    tab.reload();
  },
  look: ({ tab }) => tab.lookAt(),
  logOut: ({ world, tab }) => {
    world.laws.excuseUser(tab.browser.lastUser?.userId);
    for (const other of tab.browser.tabs) world.laws.excuseUser(other.state.account.userId);
    tab.logOut();
  },

  join: (place) => membership(place, 'join', (userId) => userId),
  leave: (place) => membership(place, 'leave', (userId) => userId),
  ban: (place) => membership(place, 'ban', () => undefined),
  unban: (place) => membership(place, 'unban', () => undefined),
  mute: (place) => membership(place, 'mute', ({}, people) => people[0], { until: forEver }),
  unmute: (place) => membership(place, 'unmute', () => undefined),
  appoint: (place) =>
    membership(place, 'appoint', (_, people) => people[0], { role: place.n % 2 === 0 ? 'moderator' : 'member' }),
  rename: ({ world, node, n }) => {
    const userId = world.people[n % world.people.length]!;
    node?.change((database) => {
      const renamed = database.rename(userId, `Name ${n}`);
      if (!renamed) return [];
      const { user, feedRev: rev } = renamed;
      const feed = personalFeed(userId);
      return [{ feed, fromRev: rev - 1, toRev: rev, changes: [{ kind: 'user', rev, user }], users: [user] }];
    });
  },
  befriend: (place) =>
    between(place, (database, userId, otherId) =>
      database.changeFriend(userId, otherId, friendVerbs[place.n % friendVerbs.length]!, `note ${place.n}`),
    ),
  block: (place) =>
    between(place, (database, userId, otherId) =>
      database.changeBlock(userId, otherId, blockLevels[place.n % blockLevels.length]!),
    ),
  talkAlone: (place) => {
    const id = place.world.nextId();
    between(place, (database, userId, otherId) => database.openDirect(userId, otherId, id));
  },
  gather: ({ world, node, n }) => {
    const { people } = world;
    const actorId = people[n % people.length]!;
    const id = world.nextId();
    const others = people.filter((_, i) => (n >> i) % 2 === 1);
    node?.change((database) => groupFrames(database, id, database.createGroup(actorId, id, `Group ${n}`, others)));
  },
  regroup: ({ world, node, n }) => {
    const { people, laws } = world;
    const userId = people[n % people.length]!;
    const actorId = people[(n >> 3) % people.length]!;
    const verb = groupVerbs[n % groupVerbs.length]!;
    node?.change((database) => {
      const id = groupOf(database, userId) ?? groupOf(database, actorId);
      if (id === undefined) return [];
      const isOwn = verb === 'join' || verb === 'leave';
      const verdict = database.changeGroup(id, isOwn ? userId : actorId, userId, verb);
      if (verdict.told.length > 0 && (verb === 'leave' || verb === 'remove')) laws.excuseUser(userId);
      return groupFrames(database, id, verdict);
    });
  },
  keep: ({ node, tab, conversationId, n }) => {
    const {
      account: { userId },
    } = tab.state;
    if (userId === undefined) return;
    node?.change((database) => {
      const seq = database.conversations.get(conversationId)?.log.seq ?? 0;
      const mark = [{ isPinned: n % 2 === 0 }, { isArchived: n % 2 === 0 }, { clearedSeq: Math.max(0, seq - (n % 3)) }];
      return personalFrames(database, database.mark(userId, conversationId, mark[n % mark.length]!).told);
    });
  },
  type: ({ tab, conversationId, n }) =>
    tab.dispatch({ type: 'setDraft', conversationId, body: n % 4 === 0 ? '' : `draft ${n}` }),
  prefer: (place) =>
    between(place, (database, userId) =>
      database.changePreferences(userId, {
        whoMayMessage: (['friends', 'rooms', 'anyone'] as const)[place.n % 3]!,
        acceptsRequests: place.n % 4 > 0,
      }),
    ),
  settings: ({ world, node, n }) =>
    node?.change((database) => {
      const actorId = world.people[n % world.people.length]!;
      const settings = { title: `Title ${n}`, slowModeMs: 0 };
      const { change } = database.changeRoomSettings(world.roomId, actorId, settings);
      return change ? [frameOf(world.roomId, [change])] : [];
    }),
  floor: ({ node, conversationId, n }) =>
    node?.change((database) => {
      const { log } = database.conversations.get(conversationId)!;
      const change = database.raiseFloor(conversationId, Math.min(log.seq - 1, log.floorSeq + 1 + (n % 4)));
      return change ? [frameOf(conversationId, [change])] : [];
    }),

  cut: ({ world, tab }) => {
    world.counts.faults++;
    tab.link?.cut();
  },
  goOffline: ({ world, tab }) => {
    world.counts.faults++;
    tab.browser.isOnline = false;
    for (const each of tab.browser.tabs) each.link?.cut();
  },
  /** The device says that it is offline, right or wrong. */
  doubt: ({ tab }) => tab.dispatch({ type: 'offlineHinted' }),
  goOnline: ({ tab }) => {
    tab.browser.isOnline = true;
    tab.dispatch({ type: 'woken' });
  },
  killNode: ({ world, node, n }) => {
    world.counts.faults++;
    node?.kill();
    world.clock.after((n % 5) * 1_000, () => node?.start());
  },
  stopDatabase: ({ world, n }) => {
    world.counts.faults++;
    world.isDatabaseUp = false;
    world.clock.after((n % 8) * 1_000, () => (world.isDatabaseUp = true));
  },
  backUp: ({ world }) => (world.backup = world.database.backup()),
  restore: ({ world, n }) => world.restore(n % 2 === 0),
  /** Tokens end meanwhile. */
  sleepMinutes: ({ world, n }) => {
    world.counts.faults++;
    world.clock.skip((n % 30) * minute);
  },
  sleepDays: ({ world, n }) => {
    world.counts.faults++;
    world.clock.skip((n % 5) * 24 * 60 * minute);
  },
  wait: ({ world, n }) => world.clock.advance((n % 12) * 1_000),
} satisfies Record<string, (place: Place) => unknown>;
type Verb = keyof typeof verbs;

const isFault = new Set<Verb>([
  'reload',
  'cut',
  'goOffline',
  'killNode',
  'stopDatabase',
  'restore',
  'sleepMinutes',
  'sleepDays',
]);
const weights: Partial<Record<Verb, number>> = {
  send: 12,
  react: 6,
  edit: 6,
  remove: 4,
  read: 4,
  wait: 4,
  loadBefore: 3,
  jump: 3,
  join: 3,
  goOnline: 3,
  type: 4,
  befriend: 3,
  talkAlone: 3,
  keep: 4,
  gather: 3,
  regroup: 5,
};
const rare = new Set<Verb>(['logOut', 'restore', 'sleepDays']);

/** A verb, what it happens to, and how long it is until the next. */
export type Step = readonly [verb: Verb, n: number, pause: number];

const aVerb = fc.constantFrom(
  // First, as it is what others shrink to: nothing at all.
  'wait' as Verb,
  ...(Object.keys(verbs) as Verb[]).flatMap((verb): Verb[] =>
    Array<Verb>(rare.has(verb) ? 1 : (weights[verb] ?? (isFault.has(verb) ? 2 : 2))).fill(verb),
  ),
);
/** Mostly at once or soon: what overlaps goes wrong. */
const aPause = fc.constantFrom(0, 0, 0, 1, 3, 10, 10, 40, 40, 200, 1_200);

/** A program of 20 to 60 steps. */
export const aProgram: fc.Arbitrary<readonly Step[]> = fc.array(fc.tuple(aVerb, fc.nat(999), aPause), {
  minLength: 20,
  maxLength: 60,
  size: 'max',
});

export function perform(world: World, [verb, n, pause]: Step): void {
  const { tabs, clock } = world;
  const tab = tabs[n % tabs.length]!;
  const conversationId = placeOf(world, tab, n);
  const up = world.nodes.filter(({ isUp }) => isUp);
  world.counts.steps++;
  verbs[verb]({ world, tab, conversationId, node: up[n % Math.max(1, up.length)], n });
  clock.advance(pause);
  world.laws.whileRunning(tab);
}

/** The room, the lobby, a group, or where somebody talks to one alone. */
function placeOf({ roomId, lobbyId, database }: World, { state }: Tab, n: number): string {
  if (n % 7 < 2) return roomId;
  const group = n % 7 === 4 && state.account.userId !== undefined ? groupOf(database, state.account.userId) : undefined;
  if (group !== undefined) return group;
  const direct = n % 7 < 4 && state.account.userId !== undefined ? database.directOf(state.account.userId) : undefined;
  return direct ?? lobbyId;
}

/** Something between two people of whom the first acts. */
function between(
  { world: { people }, node, n }: Place,
  work: (database: ModelDatabase, userId: string, otherId: string) => PeopleVerdict,
): void {
  const userId = people[n % people.length]!;
  const otherId = people[(n + 1 + (n % 5 === 0 ? 1 : 0)) % people.length]!;
  // Nobody is friends with themselves.
  if (userId !== otherId) node?.change((database) => personalFrames(database, work(database, userId, otherId).told));
}

/** A text of one's own: one that is still in the outbox, or one that is there. */
function ownMessage({ tab, conversationId, n }: Place): string | undefined {
  const {
    outbox: { entries: outbox },
    feeds,
    account: { userId },
  } = tab.state;
  const unsent = outbox.filter((entry) => entry.kind === 'send' && entry.conversationId === conversationId);
  if (n % 3 === 0 && unsent.length > 0) return unsent[n % unsent.length]!.messageId;
  const own = feeds.get(conversationId)?.rows.filter(({ message }) => message.authorId === userId) ?? [];
  return own[n % Math.max(1, own.length)]?.message.id;
}

function membership(
  { world, tab, node, conversationId, n }: Place,
  verb: MembershipVerb,
  actorOf: (userId: string, people: readonly string[]) => string | undefined,
  more: { role?: Role; until?: string } = {},
): void {
  const { people, laws } = world;
  // The owner stays, so that somebody can always take people back.
  const userId = people[1 + (n % (people.length - 1))] ?? people[0]!;
  const place = verb === 'join' || verb === 'leave' || verb === 'appoint' ? world.roomId : conversationId;
  if (verb === 'leave' || verb === 'ban') laws.excuseUser(userId);
  let joined: Conversation | undefined;
  const change = (database: ModelDatabase) => {
    const frames = framesOf(database, place, userId, verb, actorOf(userId, people), more);
    if (verb === 'join' && database.unreadable(place, userId) === undefined)
      joined = database.conversation(place, userId);
    return frames;
  };
  node?.change(change, () => {
    const conversation = joined;
    if (!conversation || tab.state.account.userId !== userId) return;
    // The reply of joining, which may overtake the membership, or come after its end.
    world.clock.after(world.chance.between(0, world.weather.delayMs), () => {
      tab.dispatch({ type: 'open', conversationId: place });
      tab.dispatch({ type: 'joined', userId, conversation });
    });
  });
}

/** Returns the frames of both feeds for each member who joined or left. */
function groupFrames(database: ModelDatabase, conversationId: string, { told }: GroupVerdict): FeedFrame[] {
  return told.flatMap(({ userId, rev, feedRev }): FeedFrame[] => {
    const users = database.peopleOf(database.conversations.get(conversationId)!.members.keys());
    const changes = [database.membershipChange(conversationId, userId)];
    return [
      frameOf(conversationId, [{ kind: 'member', rev, member: database.member(conversationId, userId) }], users),
      { feed: personalFeed(userId), fromRev: feedRev - 1, toRev: feedRev, changes, users },
    ];
  });
}

/** Changes a membership, and answers what is told of it. */
export function framesOf(
  database: ModelDatabase,
  conversationId: string,
  userId: string,
  verb: MembershipVerb,
  actorId: string | undefined,
  more: { role?: Role; until?: string } = {},
): FeedFrame[] {
  const { told } = database.changeMembership(conversationId, actorId, userId, verb, more);
  return told.flatMap(({ userId: changedId, rev, feedRev }) => {
    const frames: FeedFrame[] = [];
    if (rev !== undefined) {
      const member = database.member(conversationId, changedId);
      frames.push(frameOf(conversationId, [{ kind: 'member', rev, member }], database.peopleOf([changedId])));
    }
    if (feedRev !== undefined) {
      const change = database.membershipChange(conversationId, changedId);
      const users = database.peopleOf([change.membership.invitation?.invitedBy ?? '']);
      frames.push({ feed: personalFeed(changedId), fromRev: feedRev - 1, toRev: feedRev, changes: [change], users });
    }
    return frames;
  });
}

/** Small numbers, so that short programs reach the ends of pages, and a pace that simulated people can't exceed. */
export const simulatedLimits: Partial<typeof limits> = {
  framePage: 3,
  resetBeyond: 12,
  openPage: 5,
  historyPage: 8,
  requestsPerSecond: 400,
};
