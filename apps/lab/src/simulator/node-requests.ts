import { type FeedPage, conversationFeed } from '@cloudhop/api/realtime';
import {
  type ConversationChange,
  type ConversationSync,
  type OpenReply,
  type PersonalChange,
  type RequestInput,
  type SyncReply,
  type User,
  limits,
} from '@cloudhop/contracts';
import {
  type Commit,
  invitationsOf,
  lastOf,
  membersOf,
  type ModelPage,
  type RequestEffect,
} from '@cloudhop/sdk/testing';
import type { Link } from './link';
import type { SimulatedNode } from './node';
import { personalFrames } from './node-commits';
import { Refusal, type Task, statement } from './tasks';

/** What a node answers to each request, statement by statement as its services ask. */
export function handle(node: SimulatedNode, link: Link, { name, payload }: RequestEffect): Task<unknown> {
  switch (name) {
    case 'session:renew':
      return renew(node, link, payload.token);
    case 'feed:sync':
      return sync(node, link, payload);
    case 'conversation:open':
      return open(node, link, payload);
    case 'conversation:close':
      return close(node, link, payload.conversationId);
    case 'conversation:history':
      return history(node, link, payload);
    case 'conversation:read':
      return read(node, link, payload);
    case 'message:send':
    case 'message:edit':
    case 'message:delete':
    case 'message:react':
      return write(node, { ...payload, kind: kinds[name], userId: link.userId });
    case 'user:lookup':
      return lookup(payload);
    case 'draft:set':
      return setDraft(node, link, payload);
    case 'presence:list':
      return nothing({ items: [], count: 1 });
    default:
      return nothing({});
  }
}

const kinds = {
  'message:send': 'send',
  'message:edit': 'edit',
  'message:delete': 'delete',
  'message:react': 'react',
} as const;

function* nothing<T>(value: T): Task<T> {
  return value;
}

function* renew(node: SimulatedNode, link: Link, token: string): Task<unknown> {
  const { expiresAt, sessionId } = yield* node.authorise(token);
  if (sessionId !== link.sessionId) throw new Refusal('forbidden');
  link.expiresAt = Math.max(link.expiresAt, expiresAt);
  return { expiresAt: new Date(link.expiresAt).toISOString() };
}

function* setDraft(node: SimulatedNode, { userId }: Link, draft: RequestInput<'draft:set'>): Task<{ rev: number }> {
  const { code, told } = yield* statement((database) => database.writeDraft(userId, draft));
  if (code) throw new Refusal(code);
  for (const frame of personalFrames(node.world.database, told)) node.feeds.publish(frame);
  if (told[0]) return { rev: told[0].change.rev };
  return { rev: (yield* statement((database) => database.personalHead(userId))).rev };
}

function* lookup({ users = [] }: RequestInput<'user:lookup'>): Task<{ users: User[] }> {
  const known = new Map(users.map(({ id, profileRev }) => [id, profileRev]));
  const now = yield* statement((database) => database.peopleOf(known.keys()));
  return { users: now.filter(({ id, profileRev }) => profileRev > (known.get(id) ?? 0)) };
}

function* write(node: SimulatedNode, operation: Commit): Task<unknown> {
  const { conversationId, id } = operation;
  const verdict = yield* node.commits.submit(operation);
  if (verdict.outcome === 'refused') throw new Refusal(verdict.code!, verdict.retryAfterMs);
  if (verdict.outcome === 'expired') return { id, seq: verdict.seq, expired: true };
  // A retry can know more than this node: whoever committed it may have died before telling.
  if (verdict.outcome === 'exists') node.feeds.noticeHead(conversationFeed(conversationId), verdict.message!.rev);
  return verdict.message;
}

function* read(
  node: SimulatedNode,
  { userId }: Link,
  { conversationId, seq }: RequestInput<'conversation:read'>,
): Task<unknown> {
  yield* readable(conversationId, userId);
  if (conversationId !== node.world.database.lobbyId && seq !== undefined)
    yield* node.commits.moveMark(userId, conversationId, seq);
  return {};
}

/** Throws where the asker may not read. */
function* readable(conversationId: string, userId: string): Task<void> {
  const refusal = yield* statement((database) => database.unreadable(conversationId, userId));
  if (refusal) throw new Refusal(refusal);
}

function* close(node: SimulatedNode, link: Link, conversationId: string): Task<unknown> {
  node.feeds.unsubscribe(link, conversationFeed(conversationId));
  return {};
}

function* page(conversationId: string, userId: string, range: Parameters<typeof toRange>[0]): Task<ModelPage> {
  const found = yield* statement((database) => {
    const refusal = database.unreadable(conversationId, userId);
    return refusal ?? database.page(conversationId, userId, toRange(range));
  });
  if (typeof found === 'string') throw new Refusal(found);
  return found;
}

function toRange({
  before,
  after,
  around,
  limit = limits.openPage,
}: Omit<RequestInput<'conversation:history'>, 'conversationId'>) {
  return { before, after, around, limit };
}

function* history(
  _node: SimulatedNode,
  { userId }: Link,
  { conversationId, ...range }: RequestInput<'conversation:history'>,
): Task<unknown> {
  const { conversation, messages, users, mine, hasBefore, hasAfter } = yield* page(conversationId, userId, range);
  return { messages, users, mine, rev: conversation.rev, hasBefore, hasAfter };
}

function* snapshot(conversationId: string, userId: string): Task<OpenReply> {
  const { conversation, messages, users, mine, hasBefore } = yield* page(conversationId, userId, {});
  return yield* withMembers(conversationId, { conversation, messages, hasBefore, users, mine });
}

/** Subscribes, then reads, and activates last. */
function* open(
  node: SimulatedNode,
  link: Link,
  { conversationId, rev }: RequestInput<'conversation:open'>,
): Task<OpenReply> {
  const { userId } = link;
  const feed = conversationFeed(conversationId);
  const wasActive = node.feeds.isActive(link, feed);
  if (!wasActive) yield* readable(conversationId, userId);
  yield* node.feeds.subscribe(link, feed);
  try {
    const reply = yield* changesOrSnapshot(conversationId, userId, rev);
    if (node.feeds.activate(link, feed) && !wasActive) node.feeds.sendHead(link, feed, reply.conversation.rev);
    return reply;
  } catch (error) {
    node.feeds.unsubscribe(link, feed);
    throw error;
  }
}

/** Read after the rest, as the server does. */
function* withMembers(conversationId: string, reply: OpenReply): Task<OpenReply> {
  if (reply.conversation.kind !== 'group') return reply;
  const members = yield* statement((database) =>
    database.conversations.has(conversationId) ? membersOf(database, conversationId) : undefined,
  );
  if (members === undefined) throw new Refusal('not_found');
  return { ...reply, members };
}

/** Throws where a backup that was restored meanwhile knows no such conversation. */
function* changesAfter(conversationId: string, rev: number): Task<FeedPage> {
  const page = yield* statement((database) =>
    database.conversations.has(conversationId) ? database.changesAfter(conversationId, rev) : undefined,
  );
  if (page === undefined) throw new Refusal('not_found');
  return page;
}

function* changesOrSnapshot(conversationId: string, userId: string, rev: number | undefined): Task<OpenReply> {
  if (rev === undefined) return yield* snapshot(conversationId, userId);
  const changed = yield* changesAfter(conversationId, rev);
  if (changed.isReset || changed.hasMore) return yield* snapshot(conversationId, userId);
  const found = yield* statement(
    (database) => database.unreadable(conversationId, userId) ?? database.conversation(conversationId, userId),
  );
  if (typeof found === 'string') throw new Refusal(found);
  const changes = changed.changes as ConversationChange[];
  const { head } = changed;
  const mine = yield* statement((database) => database.ownReactions(conversationId, userId, seqsOf(changes)));
  const { seq } = head;
  const floorSeq = Math.max(head.floorSeq, found.floorSeq);
  const conversation = { ...found, rev: head.rev, seq, floorSeq };
  return yield* withMembers(conversationId, { conversation, changes, users: [...changed.users], mine });
}

function* sync(
  node: SimulatedNode,
  { userId }: Link,
  { epoch, personal, conversations = [] }: RequestInput<'feed:sync'>,
): Task<SyncReply> {
  const ours = node.epoch;
  const isForeign = epoch !== undefined && epoch !== ours;
  const users = new Map<string, User>();
  const reply: SyncReply = {
    epoch: ours,
    serverTime: new Date(node.world.clock.now).toISOString(),
    personal: yield* personalPart(userId, isForeign ? undefined : personal, users),
    conversations: [],
    users: [],
  };
  const states = yield* statement((database) =>
    conversations.map(({ conversationId }) => ({
      refusal: database.unreadable(conversationId, userId),
      headRev: database.conversations.get(conversationId)?.log.rev ?? 0,
    })),
  );
  for (const [i, { conversationId, rev }] of conversations.entries()) {
    const part = { conversationId, rev: isForeign ? undefined : rev, ...states[i]! };
    reply.conversations.push(yield* conversationPart(node, userId, part, users));
  }
  const known = yield* statement((database) => database.peopleOf(users.keys()));
  for (const user of known) users.set(user.id, user);
  if (node.epoch !== ours) throw new Refusal('unavailable');
  return { ...reply, users: [...users.values()] };
}

function* personalPart(userId: string, rev: number | undefined, users: Map<string, User>): Task<SyncReply['personal']> {
  if (rev !== undefined) {
    const page: FeedPage = yield* statement((database) => database.personalChangesAfter(userId, rev));
    if (!page.isReset) {
      for (const user of page.users) users.set(user.id, user);
      return { rev: page.toRev, changes: page.changes as PersonalChange[], more: page.hasMore };
    }
  }
  const reset = yield* statement((database) => {
    const row = database.users.get(userId);
    if (!row) return undefined;
    const conversations = database.mine(userId).map((id) => {
      const last = lastOf(database, id);
      return { ...database.conversation(id, userId), ...(last && last.seq > database.floorOf(id, userId) && { last }) };
    });
    const own = database.people.stateOf(userId);
    const inviters = invitationsOf(database, userId).map(({ invitation }) => invitation!.invitedBy);
    const known = [...[...own.friends, ...own.blocks].map((each) => each.userId), ...inviters];
    for (const user of database.peopleOf(known)) users.set(user.id, user);
    return {
      rev: database.personalHead(userId).rev,
      user: row.user,
      lobbyId: database.lobbyId,
      conversations,
      ...own,
      invitations: invitationsOf(database, userId),
    };
  });
  if (!reset) throw new Refusal('session_ended');
  return { reset };
}

interface Part {
  conversationId: string;
  rev: number | undefined;
  refusal: string | undefined;
  /** The head as it was read with the right to read. */
  headRev: number;
}

function* conversationPart(
  node: SimulatedNode,
  userId: string,
  { conversationId, rev, refusal, headRev }: Part,
  users: Map<string, User>,
): Task<ConversationSync> {
  if (refusal !== undefined) return { conversationId, gone: refusal === 'banned' ? 'banned' : 'left' };
  if (rev === undefined) return { conversationId, reset: yield* snapshot(conversationId, userId) };
  const page: FeedPage =
    node.feeds.recent(conversationFeed(conversationId), rev, headRev) ?? (yield* changesAfter(conversationId, rev));
  if (page.isReset) return { conversationId, reset: yield* snapshot(conversationId, userId) };
  for (const user of page.users) users.set(user.id, user);
  const own = yield* statement((database) => database.floorOf(conversationId, userId));
  const changes = aboveFloor(page.changes as ConversationChange[], own);
  const reacted = changes.flatMap((change) =>
    'message' in change && change.message.reactions.length > 0 ? [change.message.seq] : [],
  );
  const mine = yield* statement((database) => database.ownReactions(conversationId, userId, reacted));
  const { seq } = page.head;
  const floorSeq = Math.max(page.head.floorSeq, own);
  return { conversationId, rev: page.toRev, seq, floorSeq, changes, mine, more: page.hasMore };
}

function aboveFloor(changes: readonly ConversationChange[], floorSeq: number): ConversationChange[] {
  return changes.filter((change) => !('message' in change) || change.message.seq > floorSeq);
}

function seqsOf(changes: readonly ConversationChange[]): number[] {
  return changes.flatMap((change) => ('message' in change ? [change.message.seq] : []));
}
