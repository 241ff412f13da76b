import type { Membership, PersonalChange, PersonalReset } from '@cloudhop/contracts';
import { withItem, withKey, withoutItem, withoutKey, type Context } from './context';
import { unopenedFeed } from './feed';
import type { Feed, GoneReason } from './state';
import { learnUsers } from './users';

/** Changes of the personal feed above its cursor. */
export function applyPersonal(ctx: Context, changes: readonly PersonalChange[], rev: number): void {
  const cursor = ctx.state.personalRev ?? 0;
  for (const change of changes) {
    if (change.rev <= cursor) continue;
    if (change.kind === 'user') learnUsers(ctx, [change.user]);
    else if (change.kind === 'membership') applyMembership(ctx, change.membership);
    // Sessions have no screen yet, and the end of one's own comes as session:revoked.
  }
  if (rev > cursor) ctx.set({ personalRev: rev });
}

function applyMembership(ctx: Context, membership: Membership): void {
  const { conversationId, state, role, mutedUntil, readSeq } = membership;
  const isLobby = conversationId === ctx.state.lobbyId;
  // Nobody is a member of the lobby; only a ban takes it away.
  if (state === 'banned' || (state === 'left' && !isLobby)) return forgetConversation(ctx, conversationId, state);
  const feed = ctx.state.feeds.get(conversationId);
  if (!feed) {
    if (state === 'joined' || isLobby) askToOpen(ctx, conversationId);
    return;
  }
  const { mutedUntil: _, ...rest } = feed.conversation;
  const muted = mutedUntil === undefined ? {} : { mutedUntil };
  const read = Math.max(feed.readSent, readSeq ?? 0);
  ctx.setFeed(conversationId, {
    ...feed,
    conversation: { ...rest, role, ...muted, ...(readSeq === undefined ? {} : { readSeq: read }) },
    readSent: read,
    readSeq: Math.max(feed.readSeq, read),
  });
}

function askToOpen(ctx: Context, conversationId: string): void {
  ctx.set({ gone: withoutKey(ctx.state.gone, conversationId) });
  if (!ctx.state.opening.has(conversationId)) ctx.set({ toOpen: withItem(ctx.state.toOpen, conversationId) });
}

/** First contact, or too far behind: who one is and where, anew. Conversations keep their rows and cursors. */
export function applyPersonalReset(ctx: Context, reset: PersonalReset): void {
  learnUsers(ctx, [reset.user]);
  const feeds = new Map<string, Feed>();
  for (const conversation of reset.conversations) {
    const feed = ctx.state.feeds.get(conversation.id);
    feeds.set(conversation.id, feed ? withHead(feed, conversation) : unopenedFeed(conversation));
  }
  const { lobbyId } = reset;
  const lobby = ctx.state.feeds.get(lobbyId);
  if (lobby && !feeds.has(lobbyId)) feeds.set(lobbyId, lobby);
  for (const id of ctx.state.feeds.keys()) if (!feeds.has(id)) forgetConversation(ctx, id, 'left');
  const gone = new Map([...ctx.state.gone].filter(([id]) => !feeds.has(id)));
  ctx.set({ personalRev: reset.rev, lobbyId, feeds, gone });
  for (const id of [lobbyId, ...ctx.state.opened])
    if (ctx.state.feeds.get(id)?.cursor === undefined) askToOpen(ctx, id);
}

/** What the personal feed knows of a conversation, onto what its own feed knows. */
function withHead(feed: Feed, conversation: Feed['conversation']): Feed {
  if (feed.cursor === undefined) {
    const seq = Math.max(feed.conversation.seq, conversation.seq);
    return { ...feed, conversation: { ...conversation, seq }, first: feed.rows.length === 0 ? seq + 1 : feed.first };
  }
  const { mutedUntil: _, ...rest } = feed.conversation;
  const { role, mutedUntil, readSeq } = conversation;
  const read = Math.max(feed.readSent, readSeq ?? 0);
  return {
    ...feed,
    conversation: {
      ...rest,
      role,
      ...(mutedUntil === undefined ? {} : { mutedUntil }),
      ...(readSeq === undefined ? {} : { readSeq: read }),
    },
    readSent: read,
    readSeq: Math.max(feed.readSeq, read),
  };
}

/** Left, banned or erased: nothing of it stays on this device, also not what still waited to be sent there. */
export function forgetConversation(ctx: Context, conversationId: string, reason: GoneReason): void {
  const { state } = ctx;
  for (const entry of state.outbox)
    if (entry.conversationId === conversationId) ctx.emit({ type: 'dropEntry', entryId: entry.entryId });
  ctx.set({
    feeds: withoutKey(state.feeds, conversationId),
    gone: withKey(state.gone, conversationId, reason),
    kept: withoutKey(state.kept, conversationId),
    toOpen: withoutItem(state.toOpen, conversationId),
    opening: withoutItem(state.opening, conversationId),
    presence: withoutKey(state.presence, conversationId),
    outbox: state.outbox.filter((entry) => entry.conversationId !== conversationId),
  });
}
