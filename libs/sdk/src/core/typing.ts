import { type FactPayload, limits } from '@cloudhop/contracts';
import type { TypingView } from '../view';
import { withKey, withoutKey, type Context } from './context';
import type { State, Typing } from './state';
import { learnUsers } from './users';

/** Time without a key after which typing has stopped. */
const pauseMs = 5_000;

/** Applies who types: a complete latest value, dropped after limits.typingShownMs. */
export function onTyping(ctx: Context, { conversationId, userIds, count, users }: FactPayload<'typing:changed'>): void {
  learnUsers(ctx, users);
  if (!ctx.state.feeds.has(conversationId)) return;
  setTyping(ctx, conversationId, count === 0 ? undefined : { userIds, count, until: ctx.now + limits.typingShownMs });
}

/** Removes authors of new messages from those who type. */
export function onSaid(ctx: Context, conversationId: string, authorIds: ReadonlySet<string>): void {
  const typing = ctx.state.typing.others.get(conversationId);
  if (!typing) return;
  const userIds = typing.userIds.filter((id) => !authorIds.has(id));
  const count = typing.count - (typing.userIds.length - userIds.length);
  if (userIds.length < typing.userIds.length)
    setTyping(ctx, conversationId, count === 0 ? undefined : { ...typing, userIds, count });
}

function setTyping(ctx: Context, conversationId: string, typing: Typing | undefined): void {
  const {
    typing: { others: all },
  } = ctx.state;
  ctx.setSlice('typing', { others: typing ? withKey(all, conversationId, typing) : withoutKey(all, conversationId) });
}

/** Forgets all typing when the connection ends. */
export function forgetTyping(ctx: Context): void {
  const {
    typing: { others: typing, own: ownTyping },
  } = ctx.state;
  if (typing.size > 0) ctx.setSlice('typing', { others: new Map() });
  if (ownTyping.size > 0) ctx.setSlice('typing', { own: new Map() });
}

/** Notes a key, or the end of typing. */
export function onSetTyping(ctx: Context, conversationId: string, isTyping: boolean): void {
  const {
    typing: { own: ownTyping },
    feeds,
    connection,
  } = ctx.state;
  const own = ownTyping.get(conversationId);
  if (!isTyping) {
    // Sent as a stop, if the start was sent.
    if (own) ctx.setSlice('typing', { own: withKey(ownTyping, conversationId, { ...own, at: -Infinity }) });
    return;
  }
  if (!connection.isSynced || feeds.get(conversationId)?.cursor === undefined) return;
  ctx.setSlice('typing', { own: withKey(ownTyping, conversationId, { ...own, at: ctx.now }) });
}

/** Drops typing of others that is over, and sends the user's own. */
export function driveTyping(ctx: Context): void {
  for (const [conversationId, { until }] of ctx.state.typing.others) {
    if (until <= ctx.now) setTyping(ctx, conversationId, undefined);
    else ctx.wakeBy(until);
  }
  for (const [conversationId, { at, toldAt }] of ctx.state.typing.own) {
    const isOver = at + pauseMs <= ctx.now;
    const tellAt = toldAt === undefined || isOver ? ctx.now : toldAt + limits.typingRepeatMs;
    const isTyped = toldAt === undefined || at > toldAt;
    if (!isOver && isTyped && tellAt > ctx.now) ctx.wakeBy(tellAt);
    if (!isOver) ctx.wakeBy(at + pauseMs);
    const mustTell = isOver ? toldAt !== undefined : isTyped && tellAt <= ctx.now;
    if (mustTell && !ctx.canAsk) return ctx.wakeForBudget();
    if (mustTell) ctx.request('typing:set', { conversationId, on: !isOver }, { kind: 'typing' });
    if (isOver) ctx.setSlice('typing', { own: withoutKey(ctx.state.typing.own, conversationId) });
    else if (mustTell)
      ctx.setSlice('typing', { own: withKey(ctx.state.typing.own, conversationId, { at, toldAt: ctx.now }) });
  }
}

/** Builds views of who types, without muted and blocked people. A view keeps its identity until it changes. */
export class TypingViews {
  readonly #known = new Map<string, { typing: Typing | undefined; personal: State['personal']; view: TypingView }>();

  view({ typing: { others: all }, personal, account: { userId } }: State, conversationId: string): TypingView {
    const typing = all.get(conversationId);
    const known = this.#known.get(conversationId);
    if (known && known.typing === typing && known.personal === personal) return known.view;
    const view = typing ? withoutFolded(typing, personal.blocks, userId) : nobody;
    this.#known.set(conversationId, { typing, personal, view });
    return view;
  }
}

const nobody: TypingView = { userIds: [], count: 0 };

function withoutFolded(
  { userIds: all, count }: Typing,
  blocks: State['personal']['blocks'],
  me: string | undefined,
): TypingView {
  const userIds = all.filter((id) => id !== me && !blocks.has(id));
  return { userIds, count: count - (all.length - userIds.length) };
}
