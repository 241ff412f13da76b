import { limits, type ErrorBody, type OpenReply, type SyncReply, type User } from '@cloudhop/contracts';
import { askForSync } from './connection';
import { backoffMs, withItem, withKey, withoutItem, withoutKey, type Context } from './context';
import type { Outcome } from './events';
import { applyFrame, applySyncPage, countFrame, resetFeed, withNamesLeft } from './feed';
import { unstoreDrafts } from './drafts';
import { inState } from './outbox-entry';
import { withOwnPart } from './own-part';
import { applyPersonal, applyPersonalReset, forgetConversation } from './personal';
import { withMembersAndMarks, withMark } from './reads';
import { endSession, rejectToken } from './session';
import { replaceSocket } from './socket';
import type { ConversationFrame, Feed, PersonalFrame } from './state';
import { onSaid } from './typing';
import { learnUsers } from './users';

const maxPendingFrames = 200;
const opensAtOnce = 4;
const slowAnswerMs = 10_000;

/** Sends the next sync or page of one; one is in flight at a time. Then opens what has no cursor. */
export function driveSync(ctx: Context): void {
  const { connection } = ctx.state;
  if (connection.status !== 'open') return;
  if (connection.syncRetryAt > ctx.now) return ctx.wakeBy(connection.syncRetryAt);
  if (ctx.state.personalFeed.sync === 'running') return;
  const needed = [...ctx.state.feeds].filter(([, feed]) => feed.sync === 'needed' && feed.cursor !== undefined);
  if (ctx.state.personalFeed.sync === 'needed' || needed.length > 0)
    return sendSync(ctx, needed.slice(0, limits.syncConversations));
  if (!connection.isSynced) return;
  for (const conversationId of ctx.state.conversations.toOpen) {
    if (ctx.state.conversations.opening.size >= opensAtOnce) return;
    if (!ctx.canAsk) return ctx.wakeForBudget();
    if (!ctx.state.conversations.opening.has(conversationId)) sendOpen(ctx, conversationId);
  }
}

function sendSync(ctx: Context, needed: readonly (readonly [string, Feed])[]): void {
  const {
    epoch,
    personalFeed: { rev: personalRev },
  } = ctx.state;
  const feeds = new Map(ctx.state.feeds);
  for (const [id, feed] of needed) feeds.set(id, { ...feed, sync: 'running' });
  ctx.set({ feeds });
  ctx.setSlice('personalFeed', { sync: 'running' });
  ctx.request(
    'feed:sync',
    {
      ...(epoch === undefined ? {} : { epoch }),
      ...(personalRev === undefined ? {} : { personal: personalRev }),
      conversations: needed.map(([conversationId, { cursor }]) => ({ conversationId, rev: cursor! })),
    },
    { kind: 'sync', conversationIds: needed.map(([id]) => id), sentAt: ctx.now },
  );
}

function sendOpen(ctx: Context, conversationId: string): void {
  const cursor = ctx.state.feeds.get(conversationId)?.cursor;
  ctx.setSlice('conversations', {
    toOpen: withoutItem(ctx.state.conversations.toOpen, conversationId),
    opening: withItem(ctx.state.conversations.opening, conversationId),
  });
  const payload = cursor === undefined ? { conversationId } : { conversationId, rev: cursor };
  const {
    personalFeed: { rev: personalRev },
  } = ctx.state;
  ctx.request('conversation:open', payload, { kind: 'open', conversationId, personalRev });
}

export function onSyncAnswered(
  ctx: Context,
  conversationIds: readonly string[],
  sentAt: number,
  outcome: Outcome<SyncReply>,
): void {
  if (!outcome.ok) return onSyncFailed(ctx, conversationIds, outcome.error);
  const reply = outcome.data;
  // A slow answer is no measure of the clocks.
  if (ctx.now - sentAt < slowAnswerMs)
    ctx.setSlice('device', { clockOffset: Date.parse(reply.serverTime) - (sentAt + ctx.now) / 2 });
  learnUsers(ctx, reply.users);
  ctx.setConnection({ syncFailures: 0, syncRetryAt: 0 });
  if (ctx.state.epoch !== undefined && reply.epoch !== ctx.state.epoch) dropCursors(ctx, reply.epoch);
  const isNewTimeline = ctx.state.epoch === undefined;
  ctx.set({ epoch: reply.epoch });
  ctx.setSlice('personalFeed', { sync: 'idle' });
  if ('reset' in reply.personal) applyPersonalReset(ctx, reply.personal.reset, isNewTimeline);
  else if (ctx.state.personalFeed.rev === undefined) ctx.setSlice('personalFeed', { sync: 'needed' });
  else {
    applyPersonal(ctx, reply.personal.changes, reply.personal.rev);
    if (reply.personal.more) ctx.setSlice('personalFeed', { sync: 'needed' });
  }
  for (const part of reply.conversations) {
    if ('gone' in part) forgetConversation(ctx, part.conversationId, part.gone);
    else if ('reset' in part) applyReset(ctx, part.conversationId, part.reset);
    else {
      const feed = ctx.state.feeds.get(part.conversationId);
      if (feed?.cursor !== undefined && feed.sync === 'running')
        ctx.setFeed(
          part.conversationId,
          withNamesLeft(applySyncPage(feed, part, ctx.state.account.userId), part.changes, ownUser(ctx)),
        );
    }
  }
  for (const id of conversationIds) {
    const feed = ctx.state.feeds.get(id);
    if (feed?.sync === 'running') ctx.setFeed(id, { ...feed, sync: 'idle' });
  }
  replayPendingPersonalFrames(ctx);
  for (const id of ctx.state.conversations.pendingFrames.keys()) replayPendingFrames(ctx, id);
}

/** Marks the connection as synced once nothing is left to sync, and applies the frames that waited. */
export function settleSync(ctx: Context): void {
  const { status, isSynced } = ctx.state.connection;
  if (status !== 'open' || isSynced || hasMoreToSync(ctx)) return;
  ctx.setConnection({ isSynced: true });
  for (const id of ctx.state.conversations.pendingFrames.keys()) replayPendingFrames(ctx, id);
}

function hasMoreToSync(ctx: Context): boolean {
  if (ctx.state.personalFeed.sync !== 'idle') return true;
  for (const feed of ctx.state.feeds.values()) if (feed.sync !== 'idle' && feed.cursor !== undefined) return true;
  return false;
}

function onSyncFailed(ctx: Context, conversationIds: readonly string[], error: ErrorBody | undefined): void {
  ctx.setSlice('personalFeed', { sync: 'needed' });
  for (const id of conversationIds) {
    const feed = ctx.state.feeds.get(id);
    if (feed?.sync === 'running') ctx.setFeed(id, { ...feed, sync: 'needed' });
  }
  // No answer in time: the connection only looks alive.
  if (!error) return replaceSocket(ctx);
  onReadRefused(ctx, error);
}

/** Ends or renews the session if a refused request says so. */
export function onRequestRefused(ctx: Context, error: ErrorBody): void {
  if (error.code === 'session_ended') endSession(ctx, error);
  else if (error.code === 'unauthenticated' || error.code === 'token_expired') rejectToken(ctx);
}

/** Plans the next attempt of a refused read, later after each failure. */
export function onReadRefused(ctx: Context, error: ErrorBody): void {
  onRequestRefused(ctx, error);
  const { syncFailures } = ctx.state.connection;
  ctx.setConnection({
    syncFailures: syncFailures + 1,
    syncRetryAt: ctx.now + backoffMs(syncFailures, ctx.random, error),
  });
}

export function onOpenAnswered(
  ctx: Context,
  { conversationId, personalRev }: { conversationId: string; personalRev?: number | undefined },
  outcome: Outcome<OpenReply>,
): void {
  ctx.setSlice('conversations', { opening: withoutItem(ctx.state.conversations.opening, conversationId) });
  if (outcome.ok) {
    const feed = ctx.state.feeds.get(conversationId);
    applyOpen(ctx, conversationId, outcome.data);
    // Changes of the personal feed since the request are newer than the reply.
    const opened = ctx.state.feeds.get(conversationId);
    if (feed && opened && personalRev !== ctx.state.personalFeed.rev)
      ctx.setFeed(conversationId, { ...opened, conversation: withOwnPart(opened.conversation, feed.conversation) });
    return replayPendingFrames(ctx, conversationId);
  }
  const { error } = outcome;
  if (!error) return replaceSocket(ctx);
  // It became the user's during the request: the refusal is ignored, and the open sent again.
  const isStale =
    ctx.state.conversations.toOpen.has(conversationId) && (error.code === 'not_found' || error.code === 'banned');
  if (isStale) return;
  // An address may hold what can't be an id.
  const isNoId = error.code === 'invalid' && !ctx.state.feeds.has(conversationId);
  if (error.code === 'not_found' || isNoId) {
    // Joined by a reply, and removed before the personal feed said so.
    const reason = ctx.state.conversations.joined.has(conversationId) ? 'left' : 'erased';
    return forgetConversation(ctx, conversationId, reason);
  }
  if (error.code === 'banned') return forgetConversation(ctx, conversationId, 'banned');
  ctx.setSlice('conversations', { toOpen: withItem(ctx.state.conversations.toOpen, conversationId) });
  onReadRefused(ctx, error);
}

/** Applies a reset: the cursor is of no use, also if it is above the head. Frames were buffered meanwhile. */
function applyReset(ctx: Context, conversationId: string, reply: OpenReply): void {
  ctx.setSlice('conversations', { gone: withoutKey(ctx.state.conversations.gone, conversationId) });
  learnUsers(ctx, reply.users);
  const feed = resetFeed(ctx.state.feeds.get(conversationId), reply, ctx.state.account.userId);
  ctx.setFeed(conversationId, withMembersAndMarks(feed, reply, ctx.state.account.userId));
}

/** Applies the reply of an open. */
function applyOpen(ctx: Context, conversationId: string, reply: OpenReply): void {
  const feed = ctx.state.feeds.get(conversationId);
  ctx.setSlice('conversations', {
    gone: withoutKey(ctx.state.conversations.gone, conversationId),
    neverOpened: withoutItem(ctx.state.conversations.neverOpened, conversationId),
  });
  learnUsers(ctx, reply.users);
  if (reply.messages || !reply.changes || feed?.cursor === undefined) {
    // An older snapshot would remove newer rows.
    if (feed?.cursor !== undefined && reply.conversation.rev < feed.cursor)
      return ctx.setFeed(conversationId, { ...feed, sync: 'needed' });
    const opened = resetFeed(feed, reply, ctx.state.account.userId);
    return ctx.setFeed(conversationId, withMembersAndMarks(opened, reply, ctx.state.account.userId));
  }
  const { rev, seq, floorSeq } = reply.conversation;
  const page = { rev, seq, floorSeq, changes: reply.changes, mine: reply.mine, more: false };
  const synced = withNamesLeft(applySyncPage(feed, page, ctx.state.account.userId), page.changes, ownUser(ctx));
  // The reader's own fields may have come by the personal feed before there was a feed to apply them to.
  const own = { ...synced, conversation: withOwnPart(synced.conversation, reply.conversation) };
  const opened = { ...withMark(own, reply.conversation.readSeq), sync: feed.sync };
  ctx.setFeed(conversationId, withMembersAndMarks(opened, reply, ctx.state.account.userId));
}

/** Applies a live frame if it continues the cursor. Buffers it during a sync or an open; after a gap, starts a sync. */
export function onFrame(ctx: Context, frame: ConversationFrame): void {
  bufferFrame(ctx, frame);
  replayPendingFrames(ctx, frame.conversationId);
}

function bufferFrame(ctx: Context, frame: ConversationFrame): void {
  const { conversationId } = frame;
  const pending = ctx.state.conversations.pendingFrames.get(conversationId) ?? [];
  // The oldest are dropped. The rest then begins above the cursor, which is a gap.
  const frames = [...pending, frame].slice(-maxPendingFrames);
  ctx.setSlice('conversations', {
    pendingFrames: withKey(ctx.state.conversations.pendingFrames, conversationId, frames),
  });
}

/** Applies the frames that waited, in order of their revs, as far as they connect. */
export function replayPendingFrames(ctx: Context, conversationId: string): void {
  const { state } = ctx;
  const frames = state.conversations.pendingFrames.get(conversationId);
  if (!frames || state.conversations.opening.has(conversationId) || state.conversations.toOpen.has(conversationId))
    return;
  let feed = state.feeds.get(conversationId);
  if (!state.connection.isSynced || (feed && feed.sync !== 'idle')) return;
  if (frames.some(({ epoch }) => epoch !== state.epoch)) return changeEpoch(ctx);
  ctx.setSlice('conversations', { pendingFrames: withoutKey(state.conversations.pendingFrames, conversationId) });
  if (!feed) return;
  const rest: ConversationFrame[] = [];
  for (const frame of [...frames].sort((a, b) => a.fromRev - b.fromRev)) {
    learnUsers(ctx, frame.users);
    onSaid(ctx, conversationId, authorsOf(frame));
    if (feed.cursor === undefined) feed = countFrame(feed, frame);
    else if (frame.fromRev > feed.cursor) rest.push(frame);
    else feed = withNamesLeft(applyFrame(feed, frame, state.account.userId), frame.changes, ownUser(ctx));
  }
  if (rest.length > 0) {
    feed = { ...feed, sync: 'needed' };
    ctx.setSlice('conversations', {
      pendingFrames: withKey(ctx.state.conversations.pendingFrames, conversationId, rest),
    });
  }
  ctx.setFeed(conversationId, feed);
}

function ownUser({
  state: {
    account: { userId },
    people: { users },
  },
}: Context): User | undefined {
  return userId === undefined ? undefined : users.get(userId);
}

function authorsOf({ changes }: ConversationFrame): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => (change.kind === 'message' ? [change.message.authorId] : [])));
}

export function onPersonalFrame(ctx: Context, frame: PersonalFrame): void {
  ctx.setSlice('personalFeed', {
    pendingFrames: [...ctx.state.personalFeed.pendingFrames, frame].slice(-maxPendingFrames),
  });
  replayPendingPersonalFrames(ctx);
}

function replayPendingPersonalFrames(ctx: Context): void {
  const { state } = ctx;
  if (
    state.personalFeed.sync !== 'idle' ||
    state.personalFeed.rev === undefined ||
    state.personalFeed.pendingFrames.length === 0
  )
    return;
  if (state.personalFeed.pendingFrames.some(({ epoch }) => epoch !== state.epoch)) return changeEpoch(ctx);
  const rest: PersonalFrame[] = [];
  for (const frame of [...state.personalFeed.pendingFrames].sort((a, b) => a.fromRev - b.fromRev)) {
    learnUsers(ctx, frame.users);
    if (frame.fromRev > (ctx.state.personalFeed.rev ?? 0)) rest.push(frame);
    else applyPersonal(ctx, frame.changes, frame.toRev);
  }
  ctx.setSlice('personalFeed', { pendingFrames: rest, sync: rest.length > 0 ? 'needed' : 'idle' });
}

/** Drops cursors of another timeline of the database, and syncs. */
function changeEpoch(ctx: Context): void {
  // The reply of a sync in flight carries its epoch. Pending frames are checked again then.
  if (ctx.state.personalFeed.sync === 'running') return;
  dropCursors(ctx, undefined);
  askForSync(ctx);
}

/**
 * Forgets all cursors; rows stay on screen until the new ones are here. Acknowledgements of the old timeline count no
 * more.
 */
function dropCursors(ctx: Context, epoch: string | undefined): void {
  const toOpen = new Set(ctx.state.conversations.toOpen);
  const feeds = new Map<string, Feed>();
  for (const [id, feed] of ctx.state.feeds) {
    const { cursor, page: _, ...rest } = feed;
    if (cursor !== undefined) toOpen.add(id);
    // The server of this timeline may not have the mark: it is sent again.
    const conversation = rest.conversation.readSeq ? { ...rest.conversation, readSeq: 0 } : rest.conversation;
    feeds.set(id, { ...rest, conversation, sync: 'idle', resets: feed.resets + 1, readSent: 0 });
  }
  const outbox = ctx.state.outbox.entries.map((entry) =>
    entry.state === 'sent' ? inState(entry, { state: 'waiting' }) : entry,
  );
  // Revs of profiles are of the old timeline too: any profile of the new one wins.
  const users = new Map([...ctx.state.people.users].map(([id, user]) => [id, { ...user, profileRev: 0 }]));
  const pendingFrames = new Map<string, ConversationFrame[]>();
  for (const [id, frames] of ctx.state.conversations.pendingFrames)
    pendingFrames.set(
      id,
      frames.filter((frame) => frame.epoch === epoch),
    );
  const pendingPersonalFrames = ctx.state.personalFeed.pendingFrames.filter((frame) => frame.epoch === epoch);
  const personal = { ...ctx.state.personal, drafts: unstoreDrafts(ctx.state.personal.drafts) };
  ctx.set({ epoch: undefined, personal, feeds });
  ctx.setSlice('personalFeed', { rev: undefined, pendingFrames: pendingPersonalFrames });
  ctx.setSlice('conversations', { pendingFrames, toOpen });
  ctx.setSlice('outbox', { entries: outbox });
  ctx.setSlice('people', { users });
}
