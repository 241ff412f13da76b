import type { Context } from './context';
import type { EventOf } from './events';
import { endSession, rejectToken } from './session';
import { backOff, closeSocket, discardSocketState, replaceSocket } from './socket';
import type { Feed, State } from './state';

/** Silence after which a connection is checked when the user comes back. */
const staleAfterMs = 30_000;
/** Time for which a connection is waited for after an offline hint. */
const livenessTimeoutMs = 3_000;

export function onStarted(ctx: Context): void {
  if (ctx.state.connection.isWanted && !ctx.state.session.isEnded) return;
  ctx.setConnection({ isWanted: true, status: 'waiting', retryAt: ctx.now, attempts: 0, fatal: undefined });
  ctx.setSession({ isEnded: false });
}

export function onStopped(ctx: Context): void {
  closeSocket(ctx);
  ctx.setConnection({ isWanted: false, status: 'off' });
}

/** Connects at once, or checks a connection that was silent: the device is online again or looked at. */
export function onWoken(ctx: Context): void {
  const { connection } = ctx.state;
  if (connection.status === 'waiting') ctx.setConnection({ retryAt: ctx.now });
  if (connection.status === 'open' && ctx.now - connection.lastReceivedAt > staleAfterMs) askForSync(ctx);
}

/** Checks the connection: the device says that it is offline. A server on the same machine may still answer. */
export function onOfflineHint(ctx: Context): void {
  if (ctx.state.connection.status !== 'open') return;
  askForSync(ctx);
  ctx.setConnection({ livenessDeadline: ctx.now + livenessTimeoutMs, syncRetryAt: 0 });
}

/** Connects at once. After the end of a session, starts again. */
export function onTriedNow(ctx: Context): void {
  if (ctx.state.session.isEnded) return onStarted(ctx);
  onWoken(ctx);
}

export function driveConnection(ctx: Context): void {
  const {
    connection,
    session,
    account: { loading },
  } = ctx.state;
  if (connection.drainAt !== undefined && connection.status === 'open') {
    if (connection.drainAt > ctx.now) return ctx.wakeBy(connection.drainAt);
    closeSocket(ctx);
    ctx.setConnection({ status: 'waiting', retryAt: ctx.now });
    return driveConnection(ctx);
  }
  if (connection.livenessDeadline !== undefined && connection.status === 'open') {
    if (connection.livenessDeadline > ctx.now) return ctx.wakeBy(connection.livenessDeadline);
    replaceSocket(ctx);
    return driveConnection(ctx);
  }
  if (connection.status !== 'waiting' || connection.fatal || loading !== undefined) return;
  if (connection.retryAt > ctx.now) return ctx.wakeBy(connection.retryAt);
  if (session.token === undefined || session.isRejected || session.requestId !== undefined) return;
  const socket = connection.socket + 1;
  ctx.setConnection({ status: 'opening', socket });
  ctx.setSession({ mustTellSocket: false });
  ctx.setSlice('presence', { mustTell: false });
  const {
    presence: { isHidden, isIdle },
  } = ctx.state;
  ctx.emit({ type: 'connect', socket, token: session.token, isHidden, isIdle });
}

export function onConnected(ctx: Context, event: EventOf<'connected'>): void {
  const { connection } = ctx.state;
  if (event.socket !== connection.socket || connection.status !== 'opening') return;
  const fresh = { isSynced: false, lastReceivedAt: ctx.now, syncRetryAt: 0, syncFailures: 0, reason: undefined };
  ctx.setConnection({ status: 'open', ...fresh });
  const {
    account: { lobbyId },
    conversations: { opened },
  } = ctx.state;
  const toOpen = new Set([...opened, ...ctx.state.conversations.neverOpened].filter((id) => id !== lobbyId));
  if (lobbyId !== undefined && ctx.state.feeds.get(lobbyId)?.cursor === undefined) toOpen.add(lobbyId);
  ctx.setSlice('conversations', { toOpen });
  askForSync(ctx);
}

export function onConnectFailed(ctx: Context, event: EventOf<'connectFailed'>): void {
  const { connection } = ctx.state;
  if (event.socket !== connection.socket || connection.status !== 'opening') return;
  ctx.setConnection({ status: 'waiting' });
  switch (event.error?.code) {
    case 'token_expired':
    case 'unauthenticated': {
      rejectToken(ctx);
      // Immediately once. If the new token is refused too, with the usual backoff.
      if (connection.attempts > 0) return backOff(ctx, event.error);
      return ctx.setConnection({ attempts: 1, retryAt: ctx.now });
    }
    case 'session_ended':
      return endSession(ctx, event.error);
    case 'upgrade_required':
    case 'foreign_origin':
    case 'unknown_host':
      return ctx.setConnection({ status: 'off', fatal: event.error });
    default:
      return backOff(ctx, event.error);
  }
}

export function onDisconnected(ctx: Context, event: EventOf<'disconnected'>): void {
  const { connection } = ctx.state;
  if (event.socket !== connection.socket || (connection.status !== 'open' && connection.status !== 'opening')) return;
  discardSocketState(ctx);
  ctx.setConnection({ status: 'waiting' });
  backOff(ctx, undefined);
}

/** Marks everything followed as behind. */
export function askForSync(ctx: Context): void {
  const feeds = new Map<string, Feed>();
  for (const [id, feed] of ctx.state.feeds)
    feeds.set(id, feed.cursor !== undefined && feed.sync === 'idle' ? { ...feed, sync: 'needed' } : feed);
  ctx.set({ feeds });
  ctx.setSlice('personalFeed', {
    sync: ctx.state.personalFeed.sync === 'idle' ? 'needed' : ctx.state.personalFeed.sync,
  });
}

/** Returns true if everything that the server had before now is applied. */
export function isCaughtUp(state: State): boolean {
  if (state.connection.status !== 'open' || !state.connection.isSynced || state.personalFeed.sync !== 'idle')
    return false;
  if (state.conversations.toOpen.size > 0 || state.conversations.opening.size > 0) return false;
  for (const feed of state.feeds.values()) if (feed.sync !== 'idle') return false;
  return true;
}
