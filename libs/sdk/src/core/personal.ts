import { type Membership, type PersonalChange, type PersonalReset, defaultSettings } from '@cloudhop/contracts';
import { withItem, withKey, withoutItem, withoutKey, type Context } from './context';
import { applyDraft, emptySaidDrafts, settleDrafts, withoutTyped } from './drafts';
import type { EventOf } from './events';
import { unopenedFeed, withFloor } from './feed';
import { withOwnPart } from './own-part';
import { withMark } from './reads';
import type { DraftState, Feed, GoneReason, Personal, State } from './state';
import { learnUsers } from './users';

/** Applies changes of the personal feed above its cursor. */
export function applyPersonal(ctx: Context, changes: readonly PersonalChange[], rev: number): void {
  const cursor = ctx.state.personalFeed.rev ?? 0;
  for (const change of changes) {
    if (change.rev <= cursor) continue;
    if (change.kind === 'user') learnUsers(ctx, [change.user]);
    else if (change.kind === 'membership') applyMembership(ctx, change.membership);
    else applyPeople(ctx, change);
  }
  if (rev > cursor) ctx.setSlice('personalFeed', { rev });
  settleDrafts(ctx);
}

function applyPeople(ctx: Context, change: PersonalChange): void {
  const { personal } = ctx.state;
  switch (change.kind) {
    case 'friend': {
      const { friend } = change;
      const friends =
        friend.state === 'none'
          ? withoutKey(personal.friends, friend.userId)
          : withKey(personal.friends, friend.userId, friend);
      return ctx.set({ personal: { ...personal, friends } });
    }
    case 'block': {
      const { userId, level } = change.block;
      const blocks = level === 'none' ? withoutKey(personal.blocks, userId) : withKey(personal.blocks, userId, level);
      return ctx.set({ personal: { ...personal, blocks } });
    }
    case 'draft':
      return applyDraft(ctx, change.draft);
    case 'settings':
      return ctx.set({ personal: { ...personal, settings: { ...defaultSettings, ...change.settings } } });
    default:
    // Devices are requested where they are shown. The end of the user's own session comes as session:revoked.
  }
}

function applyMembership(ctx: Context, membership: Membership): void {
  const { conversationId, state } = membership;
  setInvitation(ctx, membership);
  if (ctx.state.conversations.joined.has(conversationId) && !confirmJoined(ctx, membership)) return;
  const isLobby = conversationId === ctx.state.account.lobbyId;
  // The lobby's mark stays on the device.
  const readSeq = isLobby ? undefined : membership.readSeq;
  // Nobody is a member of the lobby; only a ban takes it away.
  if (state === 'banned' || (state === 'left' && !isLobby)) return forgetConversation(ctx, conversationId, state);
  const feed = ctx.state.feeds.get(conversationId);
  if (state === 'invited') {
    // The user may have left and been invited again in between: the conversation is removed all the same.
    if (feed || isAwaited(ctx.state, conversationId)) forgetConversation(ctx, conversationId, 'left');
    return;
  }
  if (!feed) {
    ctx.setSlice('conversations', { neverOpened: withItem(ctx.state.conversations.neverOpened, conversationId) });
    return askToOpen(ctx, conversationId);
  }
  const own = withFloor(
    { ...feed, conversation: withOwnPart(feed.conversation, membership) },
    membership.clearedSeq ?? 0,
  );
  ctx.setFeed(conversationId, withMark(own, readSeq));
}

/**
 * Adds the conversation that a reply of joining, creating or opening made the user's. The membership may arrive by the
 * personal feed before or after the reply, and older memberships after it.
 */
export function onJoined(ctx: Context, { userId, conversation }: EventOf<'joined'>): void {
  // Another user may have logged in meanwhile.
  if (userId === undefined || userId !== ctx.state.account.userId) return;
  const { id } = conversation;
  const { personal } = ctx.state;
  ctx.setSlice('conversations', {
    gone: withoutKey(ctx.state.conversations.gone, id),
    joined: withItem(ctx.state.conversations.joined, id),
  });
  ctx.set({
    personal: personal.invitations.has(id)
      ? { ...personal, invitations: withoutKey(personal.invitations, id) }
      : personal,
  });
  if (ctx.state.feeds.has(id)) return;
  const { cursor: _, ...feed } = unopenedFeed(conversation);
  ctx.setFeed(id, feed);
  // The reply may be late, and the user out again: the open in flight, or a new one, is refused then.
  const isAsked = isAwaited(ctx.state, id);
  const { neverOpened, toOpen } = ctx.state.conversations;
  ctx.setSlice('conversations', {
    neverOpened: withItem(neverOpened, id),
    toOpen: isAsked ? toOpen : withItem(toOpen, id),
  });
}

/** Returns false for a membership that may be older than the join: the server is asked instead. */
function confirmJoined(ctx: Context, { conversationId, state }: Membership): boolean {
  if (state === 'joined')
    ctx.setSlice('conversations', { joined: withoutItem(ctx.state.conversations.joined, conversationId) });
  else ctx.setSlice('conversations', { toOpen: withItem(ctx.state.conversations.toOpen, conversationId) });
  return state === 'joined';
}

function isAwaited({ conversations: { neverOpened, toOpen, opening } }: State, conversationId: string): boolean {
  return [neverOpened, toOpen, opening].some((ids) => ids.has(conversationId));
}

function setInvitation(ctx: Context, membership: Membership): void {
  const { personal } = ctx.state;
  const { conversationId, state } = membership;
  if (state !== 'invited' && !personal.invitations.has(conversationId)) return;
  const invitations =
    state === 'invited'
      ? withKey(personal.invitations, conversationId, membership)
      : withoutKey(personal.invitations, conversationId);
  ctx.set({ personal: { ...personal, invitations } });
}

function askToOpen(ctx: Context, conversationId: string): void {
  // Also during an open: its reply may be older than the membership.
  ctx.setSlice('conversations', {
    gone: withoutKey(ctx.state.conversations.gone, conversationId),
    toOpen: withItem(ctx.state.conversations.toOpen, conversationId),
  });
}

/**
 * Applies a reset of the personal feed: the first sync, or one that is too far behind. Conversations keep their rows and
 * cursors. On a new timeline their heads are the server's, also where these are lower.
 */
export function applyPersonalReset(ctx: Context, reset: PersonalReset, isNewTimeline: boolean): void {
  learnUsers(ctx, [reset.user]);
  const feeds = new Map<string, Feed>();
  for (const conversation of reset.conversations) {
    const feed = ctx.state.feeds.get(conversation.id);
    feeds.set(conversation.id, feed ? withHead(feed, conversation, isNewTimeline) : unopenedFeed(conversation));
  }
  const { lobbyId } = reset;
  const lobby = ctx.state.feeds.get(lobbyId);
  if (lobby && !feeds.has(lobbyId)) feeds.set(lobbyId, lobby);
  const uncertain: string[] = [];
  for (const [id, feed] of ctx.state.feeds) {
    if (feeds.has(id)) continue;
    if (!ctx.state.conversations.joined.has(id)) forgetConversation(ctx, id, 'left');
    else {
      // The reset may have been read before the user joined: the server is asked.
      feeds.set(id, feed);
      uncertain.push(id);
    }
  }
  const { gone, joined, neverOpened, toOpen } = ctx.state.conversations;
  const personal = personalOf(ctx, reset);
  ctx.setSlice('personalFeed', { rev: reset.rev });
  ctx.setSlice('account', { lobbyId });
  ctx.set({ feeds, personal });
  ctx.setSlice('conversations', {
    gone: new Map([...gone].filter(([id]) => !feeds.has(id))),
    neverOpened: new Set([...neverOpened].filter((id) => feeds.has(id) && feeds.get(id)?.cursor === undefined)),
    joined: new Set([...joined].filter((id) => !reset.conversations.some((each) => each.id === id))),
    toOpen: new Set([...toOpen, ...uncertain]),
  });
  emptySaidDrafts(ctx);
  settleDrafts(ctx);
  for (const id of [lobbyId, ...ctx.state.conversations.opened])
    if (ctx.state.feeds.get(id)?.cursor === undefined) askToOpen(ctx, id);
}

/** Returns the personal state of a reset, with local drafts that the server does not know yet. */
function personalOf(ctx: Context, reset: PersonalReset): Personal {
  const drafts = new Map<string, DraftState>(
    (reset.drafts ?? []).map(({ conversationId, body }) => [conversationId, { body }]),
  );
  for (const [id, { local }] of ctx.state.personal.drafts)
    if (local) drafts.set(id, { body: drafts.get(id)?.body ?? '', local });
  return {
    friends: new Map((reset.friends ?? []).map((friend) => [friend.userId, friend])),
    blocks: new Map((reset.blocks ?? []).map(({ userId, level }) => [userId, level])),
    drafts,
    saidDrafts: ctx.state.personal.saidDrafts,
    settings: { ...defaultSettings, ...reset.settings },
    invitations: new Map((reset.invitations ?? []).map((each) => [each.conversationId, each])),
  };
}

/** Applies the personal feed's state of a conversation to its feed. */
function withHead(feed: Feed, conversation: Feed['conversation'], isNewTimeline: boolean): Feed {
  if (feed.cursor === undefined) {
    // Frames counted since the reply was written are above it.
    const seq = isNewTimeline ? conversation.seq : Math.max(feed.conversation.seq, conversation.seq);
    return { ...feed, conversation: { ...conversation, seq }, first: feed.rows.length === 0 ? seq + 1 : feed.first };
  }
  const { readSeq, floorSeq } = conversation;
  const own = { ...feed, conversation: withOwnPart(feed.conversation, conversation) };
  // Messages that the reader cleared are no change of the conversation's feed.
  return withMark(isNewTimeline ? own : withFloor(own, floorSeq), readSeq);
}

/** Removes a conversation and its outbox entries from this device. */
export function forgetConversation(ctx: Context, conversationId: string, reason: GoneReason): void {
  const { state } = ctx;
  for (const entry of state.outbox.entries)
    if (entry.conversationId === conversationId) ctx.emit({ type: 'dropEntry', entryId: entry.entryId });
  ctx.set({
    feeds: withoutKey(state.feeds, conversationId),
    personal: { ...state.personal, drafts: withoutTyped(state.personal.drafts, conversationId) },
  });
  ctx.setSlice('conversations', {
    gone: withKey(state.conversations.gone, conversationId, reason),
    pendingFrames: withoutKey(state.conversations.pendingFrames, conversationId),
    neverOpened: withoutItem(state.conversations.neverOpened, conversationId),
    joined: withoutItem(state.conversations.joined, conversationId),
    toOpen: withoutItem(state.conversations.toOpen, conversationId),
    opening: withoutItem(state.conversations.opening, conversationId),
  });
  ctx.setSlice('presence', { byConversation: withoutKey(state.presence.byConversation, conversationId) });
  ctx.setSlice('typing', {
    others: withoutKey(state.typing.others, conversationId),
    own: withoutKey(state.typing.own, conversationId),
  });
  ctx.setSlice('outbox', { entries: state.outbox.entries.filter((entry) => entry.conversationId !== conversationId) });
  ctx.setSlice('requests', {
    pending: new Map(
      [...state.requests.pending].filter(([, each]) => each.kind !== 'open' || each.conversationId !== conversationId),
    ),
  });
}
