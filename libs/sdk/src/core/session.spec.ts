import type { ErrorBody, Session, User } from '@cloudhop/contracts';
import { toView } from './client-view';
import type { Effect, Unstamped } from './events';
import { initialState, type State } from './state';
import { step } from './step';
import { Summaries } from './summaries';

const guest: User = { id: '01900000-0000-7000-8000-0000000000a1', kind: 'guest', displayName: 'Me', profileRev: 1 };
const member: User = { ...guest, kind: 'member', username: 'momo', profileRev: 2 };

/** A device whose server is this test. */
class Device {
  state: State = initialState({ tabId: 'tab', hasLocks: false });
  effects: Effect[] = [];
  now = 1_000_000;

  dispatch(event: Unstamped): void {
    const { state, effects } = step(this.state, { ...event, now: this.now, random: 0 });
    this.state = state;
    this.effects.push(...effects);
  }

  pass(ms: number): void {
    this.now += ms;
    this.dispatch({ type: 'ticked' });
  }

  /** The ways in which a session was asked for since the last look. */
  asked(): string[] {
    const ways = this.effects.flatMap((effect) => (effect.type === 'session' ? [effect.way] : []));
    this.effects = this.effects.filter(({ type }) => type !== 'session');
    return ways;
  }

  answer(outcome: { user: User } | { error: ErrorBody }): void {
    const { requestId } = this.state.session;
    const data: Session | undefined =
      'user' in outcome
        ? {
            user: outcome.user,
            accessToken: `token ${requestId}`,
            expiresAt: new Date(this.now + 600_000).toISOString(),
          }
        : undefined;
    this.dispatch({
      type: 'sessionAnswered',
      requestId: requestId!,
      outcome: data ? { ok: true, data } : { ok: false, error: (outcome as { error: ErrorBody }).error },
    });
  }

  get connection() {
    return toView(this.state, this.now, new Summaries()).connection;
  }

  has(type: Effect['type']): boolean {
    return this.effects.some((effect) => effect.type === type);
  }
}

/** One that is signed in as a guest. */
function aGuestDevice(): Device {
  const device = new Device();
  device.dispatch({ type: 'started' });
  device.answer({ user: guest });
  device.dispatch({ type: 'restored', userId: guest.id });
  device.dispatch({ type: 'connected', socket: device.state.connection.socket });
  device.asked();
  return device;
}

const error = (code: ErrorBody['code'], more: Partial<ErrorBody> = {}): { error: ErrorBody } => ({
  error: { code, message: code, ...more },
});

describe('a visitor whose address has used up its guests', () => {
  it('R5: is told why and until when, and goes on by itself', () => {
    const device = new Device();
    device.dispatch({ type: 'started' });
    expect(device.asked()).toEqual(['guest']);
    device.answer(error('rate_limited', { retryAfterMs: 40_000 }));
    expect(device.connection).toMatchObject({
      phase: 'offline',
      retryAt: device.now + 40_000,
      reason: { code: 'rate_limited' },
    });
    device.pass(39_999);
    expect(device.asked()).toEqual([]);
    device.pass(1);
    expect(device.asked()).toEqual(['guest']);
    // It does not flicker while it is asked again.
    expect(device.connection).toMatchObject({ phase: 'connecting', reason: { code: 'rate_limited' } });
    device.answer({ user: guest });
    device.dispatch({ type: 'restored', userId: guest.id });
    device.dispatch({ type: 'connected', socket: device.state.connection.socket });
    expect(device.connection.reason).toBeUndefined();
  });

  it('is told of a server that can’t be reached as before', () => {
    const device = new Device();
    device.dispatch({ type: 'started' });
    device.answer(error('rate_limited', { retryAfterMs: 1_000 }));
    device.pass(1_000);
    const { requestId } = device.state.session;
    device.dispatch({ type: 'sessionAnswered', requestId: requestId!, outcome: { ok: false } });
    expect(device.connection.reason).toBeUndefined();
  });
});

describe('a session that the server calls ended', () => {
  it('I9: is asked for once more, as another tab may have been given another cookie', () => {
    const device = aGuestDevice();
    device.pass(600_000);
    expect(device.asked()).toEqual(['refresh']);
    device.answer(error('session_ended'));
    expect(device.asked()).toEqual(['refresh']);
    device.answer({ user: guest });
    expect(device.has('wipe')).toBe(false);
    expect(device.state.account.userId).toBe(guest.id);
  });

  it('ends at the second time, and takes what was stored off the device', () => {
    const device = aGuestDevice();
    device.pass(600_000);
    device.answer(error('session_ended'));
    device.answer(error('session_ended'));
    expect(device.connection.fatal).toMatchObject({ code: 'session_ended' });
    expect([device.has('wipe'), device.has('leaveStored')]).toEqual([true, false]);
  });

  it('I9: leaves what is stored where its person has registered and never got the answer', () => {
    const device = aGuestDevice();
    device.pass(600_000);
    const replaced = error('session_ended', { fields: { session: 'replaced' } });
    device.answer(replaced);
    device.answer(replaced);
    expect(device.connection.fatal).toMatchObject({ code: 'session_ended' });
    expect([device.has('wipe'), device.has('leaveStored')]).toEqual([false, true]);
  });
});

describe('a guest who became a member', () => {
  it('elsewhere refreshes at once, for the session that goes on', () => {
    const device = aGuestDevice();
    device.dispatch({ type: 'learned', users: [member] });
    expect(device.asked()).toEqual(['refresh']);
  });

  it('here has the new session already', () => {
    const device = aGuestDevice();
    const session = { user: member, accessToken: 'new', expiresAt: new Date(device.now + 600_000).toISOString() };
    device.dispatch({ type: 'signedIn', session });
    device.dispatch({ type: 'learned', users: [member] });
    expect(device.asked()).toEqual([]);
    expect(device.state.session.token).toBe('new');
  });
});
