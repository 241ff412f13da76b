import type { FactPayload, RequestReply } from '@cloudhop/contracts';
import { withKey, type Context } from './context';
import type { Presence, PresenceNotice } from './state';
import { learnUsers } from './users';

const maxNotices = 20;
const maxNames = 10;
/** Time for which notices of one kind are merged, if no message came between them. */
const coalesceMs = 60_000;
/** Time for which a new connection waits for the count before it asks. */
const countAfterMs = 1_500;

type Counted = Pick<RequestReply<'presence:list'>, 'count' | 'isAtLeast'>;

const nobody: Presence = { count: 0, isAtLeast: false, isCurrent: false, notices: [], noticed: 0 };

/** Applies joins and leaves. The count is a latest value and replaces the known one. */
export function onPresence(ctx: Context, fact: FactPayload<'presence:changed'>): void {
  learnUsers(ctx, fact.users);
  const { conversationId } = fact;
  if (conversationId === undefined) return;
  let presence = withCount(ctx, conversationId, fact);
  const afterSeq = ctx.state.feeds.get(conversationId)?.conversation.seq ?? 0;
  const news = { afterSeq, at: ctx.now };
  presence = withNotice(presence, { ...news, kind: 'joined', ...others(ctx, fact.joined, fact.joinedCount) });
  presence = withNotice(presence, { ...news, kind: 'left', ...others(ctx, fact.left, fact.leftCount) });
  setPresence(ctx, conversationId, presence);
}

/** Returns the ids and the count without the user. */
function others(ctx: Context, ids: readonly string[], count: number): { userIds: readonly string[]; count: number } {
  const userIds = ids.filter((id) => id !== ctx.state.account.userId);
  return { userIds, count: Math.max(userIds.length, count - (ids.length - userIds.length)) };
}

function withNotice(presence: Presence, news: Omit<PresenceNotice, 'id'>): Presence {
  if (news.count === 0) return presence;
  const last = presence.notices.findLast(({ kind }) => kind === news.kind);
  if (last && last.afterSeq === news.afterSeq && news.at - last.at < coalesceMs) {
    const userIds = [...new Set([...last.userIds, ...news.userIds])].slice(0, maxNames);
    const merged: PresenceNotice = { ...last, userIds, count: Math.max(userIds.length, last.count + news.count) };
    return { ...presence, notices: presence.notices.map((notice) => (notice === last ? merged : notice)) };
  }
  const noticed = presence.noticed + 1;
  const notice: PresenceNotice = { ...news, id: `${news.kind}-${noticed}`, userIds: news.userIds.slice(0, maxNames) };
  return { ...presence, noticed, notices: [...presence.notices, notice].slice(-maxNotices) };
}

/** Applies the count of a reply. */
export function onCount(ctx: Context, conversationId: string, counted: Counted): void {
  setPresence(ctx, conversationId, withCount(ctx, conversationId, counted));
}

function withCount(ctx: Context, conversationId: string, { count, isAtLeast }: Counted): Presence {
  return { ...presenceOf(ctx, conversationId), count, isAtLeast: isAtLeast === true, isCurrent: true };
}

/** Marks counts as outdated: they are of a connection that ended. */
export function forgetCounts(ctx: Context): void {
  if (ctx.state.people.statuses.size > 0) ctx.setSlice('people', { statuses: new Map() });
  if (ctx.state.presence.byConversation.size === 0) return;
  const presence = new Map<string, Presence>();
  for (const [id, value] of ctx.state.presence.byConversation) presence.set(id, { ...value, isCurrent: false });
  ctx.setSlice('presence', { byConversation: presence, countAt: undefined });
}

export function planCount(ctx: Context): void {
  ctx.setSlice('presence', { countAt: ctx.now + countAfterMs });
}

/** Asks for the counts of the lobby and of rooms on screen that the server did not send. */
export function drivePresence(ctx: Context): void {
  const {
    presence: { countAt },
    account: { lobbyId },
    connection,
    conversations: { opened },
    feeds,
  } = ctx.state;
  if (countAt === undefined || lobbyId === undefined || !connection.isSynced) return;
  if (countAt > ctx.now) return ctx.wakeBy(countAt);
  const rooms = [...opened].filter((id) => feeds.get(id)?.conversation.kind === 'room');
  const asked = new Set(
    [...ctx.state.requests.pending.values()].flatMap((one) => (one.kind === 'count' ? [one.conversationId] : [])),
  );
  for (const conversationId of [lobbyId, ...rooms]) {
    if (presenceOf(ctx, conversationId).isCurrent || asked.has(conversationId)) continue;
    if (!ctx.canAsk) return ctx.wakeForBudget();
    ctx.request('presence:list', { conversationId }, { kind: 'count', conversationId });
  }
  ctx.setSlice('presence', { countAt: undefined });
}

/** Sends this device's presence (hidden, idle) if it changed on an open connection. */
export function driveOwnPresence(ctx: Context): void {
  if (!ctx.state.presence.mustTell || ctx.state.connection.status !== 'open') return;
  if (!ctx.canAsk) return ctx.wakeForBudget();
  ctx.setSlice('presence', { mustTell: false });
  ctx.request(
    'presence:set',
    { hidden: ctx.state.presence.isHidden, idle: ctx.state.presence.isIdle },
    { kind: 'hide' },
  );
}

/** Applies the presence of friends: of all after connecting, then of those whose presence changed. */
export function onStatus(ctx: Context, { friends, isAll, users }: FactPayload<'status:changed'>): void {
  learnUsers(ctx, users);
  const statuses = new Map(isAll ? [] : ctx.state.people.statuses);
  for (const friend of friends) statuses.set(friend.userId, friend);
  ctx.setSlice('people', { statuses });
}

function presenceOf(ctx: Context, conversationId: string): Presence {
  return ctx.state.presence.byConversation.get(conversationId) ?? nobody;
}

function setPresence(ctx: Context, conversationId: string, presence: Presence): void {
  ctx.setSlice('presence', { byConversation: withKey(ctx.state.presence.byConversation, conversationId, presence) });
}
