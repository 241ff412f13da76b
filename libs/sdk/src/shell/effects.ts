import type { Effect } from '../core/events';
import type { Notice } from '../view';
import type { CookieCalls } from './cookie-calls';
import type { CoreRunner } from './core-runner';
import type { LaneLocks } from './lane-locks';
import { type SocketTransport, toOutcome } from './socket-transport';
import type { StorageSession } from './storage-session';

/** The parts of the client that the core's effects reach. */
export interface EffectTargets {
  readonly core: CoreRunner;
  readonly transport: SocketTransport;
  readonly storage: StorageSession;
  readonly cookieCalls: CookieCalls;
  readonly lanes: LaneLocks | undefined;
  readonly notify: (notice: Notice) => void;
}

/** Carries out one effect of the core. Its result comes back as an event. */
export function perform(effect: Effect, { core, transport, storage, lanes, ...targets }: EffectTargets): void {
  switch (effect.type) {
    case 'session':
      return void requestSession(effect.requestId, effect.way, core, targets.cookieCalls);
    case 'load':
      return void storage.load(effect.userId);
    case 'wipe':
      return storage.wipe(effect.userId);
    case 'leaveStored':
      return storage.leave();
    case 'connect':
      return transport.open(effect.socket, { token: effect.token, hidden: effect.isHidden, idle: effect.isIdle });
    case 'disconnect':
      return transport.close(effect.socket);
    case 'request':
      return void transport.send(effect);
    case 'write':
      return storage.write(effect.write);
    case 'storeEntry':
      return storage.storeEntry(effect.entry);
    case 'dropEntry':
      return storage.dropEntry(effect.entryId);
    case 'claim':
      return lanes?.claim(core.state.account.userId!, effect.conversationId, effect.claimId);
    case 'release':
      return lanes?.release(effect.conversationId);
    case 'notice':
      return targets.notify(effect.notice);
  }
}

async function requestSession(
  requestId: number,
  way: 'guest' | 'refresh',
  core: CoreRunner,
  cookieCalls: CookieCalls,
): Promise<void> {
  // Registering or logging in had the lock before, and has brought a session.
  const isWanted = () => core.state.session.requestId === requestId;
  const outcome = await cookieCalls.call(`auth.${way}`, {}, { isWanted });
  const time = outcome.ok && outcome.serverTime !== undefined ? { serverTime: outcome.serverTime } : {};
  core.dispatch({ type: 'sessionAnswered', requestId, outcome: toOutcome(outcome), ...time });
}
