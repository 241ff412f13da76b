import type { ErrorBody, Session } from '@cloudhop/contracts';
import { backoffMs, type Context } from './context';
import { backOff, closeSocket } from './socket';
import type { EventOf } from './events';
import { withoutUser } from './state';
import { learnUsers } from './users';

/** Time before its end at which a token is renewed, with a spread so that clients do not renew at once. */
const renewBeforeMs = 60_000;
const renewSpreadMs = 30_000;
const assumedLifeMs = 120_000;
const renewRetryMs = 1_000;

/** Asks for a session when there is none, when it is about to end, or when the server refused it. */
export function driveSession(ctx: Context): void {
  const {
    session,
    connection,
    account: { userId, loading },
  } = ctx.state;
  if (
    !connection.isWanted ||
    connection.fatal ||
    session.isEnded ||
    session.requestId !== undefined ||
    loading !== undefined
  )
    return;
  if (session.token !== undefined && !session.isRejected && ctx.now < session.renewAt) {
    if (connection.status === 'open') ctx.wakeBy(session.renewAt);
    return tellSocket(ctx);
  }
  const isOpen = connection.status === 'open';
  const at = isOpen ? session.retryAt : connection.retryAt;
  if (connection.status === 'opening') return;
  if (at > ctx.now) return ctx.wakeBy(at);
  const requestId = session.lastRequest + 1;
  ctx.setSession({ requestId, lastRequest: requestId });
  ctx.emit({ type: 'session', requestId, way: userId === undefined ? 'guest' : 'refresh' });
}

function tellSocket(ctx: Context): void {
  const { session, connection } = ctx.state;
  if (!session.mustTellSocket || connection.status !== 'open' || session.token === undefined) return;
  if (session.tellAt > ctx.now) return ctx.wakeBy(session.tellAt);
  ctx.setSession({ mustTellSocket: false });
  ctx.request('session:renew', { token: session.token }, { kind: 'renew' });
}

/** Sends the token again after a backoff: the socket would be closed at the end of its old one. */
export function onRenewFailed(ctx: Context, error: ErrorBody | undefined): void {
  // Of another session, or expired: the next token is sent.
  if (error?.code === 'forbidden' || error?.code === 'unauthenticated' || error?.code === 'token_expired') return;
  ctx.setSession({ mustTellSocket: true, tellAt: ctx.now + renewRetryMs + backoffMs(0, ctx.random, error) });
}

export function onSessionAnswered(ctx: Context, event: EventOf<'sessionAnswered'>): void {
  if (ctx.state.session.requestId !== event.requestId) return;
  ctx.setSession({ requestId: undefined });
  if (event.serverTime !== undefined && ctx.state.device.clockOffset === undefined)
    ctx.setSlice('device', { clockOffset: event.serverTime - ctx.now });
  if (event.outcome.ok) takeSession(ctx, event.outcome.data);
  else refuseSession(ctx, event.outcome.error);
}

function takeSession(ctx: Context, answer: Session): void {
  const { user } = answer;
  if (ctx.state.account.userId !== undefined && ctx.state.account.userId !== user.id) {
    // Another tab logged in as another user: nothing of the previous user may be shown or sent.
    closeSocket(ctx);
    ctx.state = withoutUser(ctx.state);
    ctx.setConnection({ status: 'waiting', retryAt: ctx.now });
  }
  const expiresAt = Date.parse(answer.expiresAt) - (ctx.state.device.clockOffset ?? 0);
  // A token that seems expired already means that this device's clock is wrong.
  const left = expiresAt - ctx.now > 1_000 ? expiresAt - ctx.now : assumedLifeMs;
  const early = Math.min(renewBeforeMs + ctx.random * renewSpreadMs, left / 2);
  ctx.setSession({
    token: answer.accessToken,
    expiresAt: ctx.now + left,
    renewAt: ctx.now + left - early,
    isRejected: false,
    failures: 0,
    refusals: 0,
    retryAt: 0,
    mustTellSocket: ctx.state.connection.status === 'open',
  });
  if (ctx.state.account.userId === undefined) {
    ctx.setSlice('account', { userId: user.id, loading: user.id });
    ctx.emit({ type: 'load', userId: user.id });
  }
  // Only an unknown user: the state of the personal feed may be newer, or of another timeline.
  if (!ctx.state.people.users.has(user.id)) learnUsers(ctx, [user]);
}

function refuseSession(ctx: Context, error: ErrorBody | undefined): void {
  switch (error?.code) {
    case 'unauthenticated':
    case 'session_ended':
      if (ctx.state.session.refusals > 0) return endSession(ctx, error);
      // Another tab may have received a new cookie meanwhile: asks once more with it.
      ctx.setSession({ refusals: 1, retryAt: ctx.now });
      return ctx.setConnection({ retryAt: ctx.now });
    case 'foreign_origin':
    case 'unknown_host':
    case 'upgrade_required':
      closeSocket(ctx);
      return ctx.setConnection({ status: 'off', fatal: error });
    default: {
      const { failures } = ctx.state.session;
      ctx.setSession({ failures: failures + 1, retryAt: ctx.now + backoffMs(failures, ctx.random, error) });
      if (ctx.state.connection.status !== 'open') backOff(ctx, error);
    }
  }
}

/** Takes the session of a registration or log-in. A log-in may bring another user: the one before is forgotten. */
export function onSignedIn(ctx: Context, session: Session): void {
  const isSame = ctx.state.account.userId === session.user.id;
  if (!isSame) {
    forgetUser(ctx);
    ctx.setConnection({ status: 'waiting', retryAt: ctx.now, isWanted: true, attempts: 0, fatal: undefined });
  }
  ctx.setSession({ isEnded: false, requestId: undefined });
  learnUsers(ctx, [session.user]);
  takeSession(ctx, session);
}

/** Makes the token be renewed before the next attempt: the server rejected it. */
export function rejectToken(ctx: Context): void {
  ctx.setSession({ isRejected: true, retryAt: 0 });
}

export function onTokenRejected(ctx: Context, token: string): void {
  if (ctx.state.session.token === token) rejectToken(ctx);
}

/** Ends the session: notifies and forgets the user. A new guest is made only when the user goes on. */
export function endSession(ctx: Context, error: ErrorBody): void {
  if (ctx.state.session.isEnded) return;
  ctx.notice('signedOut', error);
  forgetUser(ctx, error.fields?.['session'] === 'replaced');
  ctx.setConnection({ status: 'off', fatal: error });
  ctx.setSession({ isEnded: true });
}

/** Forgets the user, who logged out here. */
export function onLoggedOut(ctx: Context): void {
  forgetUser(ctx);
  const fatal: ErrorBody = { code: 'session_ended', message: 'logged_out' };
  ctx.setConnection({ status: 'off', isWanted: false, fatal });
  ctx.setSession({ isEnded: true });
}

/** Forgets the user. Keeps what is stored if the session was replaced: its person has registered, and logs in again. */
function forgetUser(ctx: Context, isReplaced = false): void {
  closeSocket(ctx);
  const {
    account: { userId },
  } = ctx.state;
  if (userId !== undefined) ctx.emit(isReplaced ? { type: 'leaveStored' } : { type: 'wipe', userId });
  ctx.state = withoutUser(ctx.state);
}
