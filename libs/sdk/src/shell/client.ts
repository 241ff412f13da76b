import { toInspection, toView } from '../core/client-view';
import { initialState } from '../core/state';
import { Summaries } from '../core/summaries';
import { Timelines } from '../core/timeline';
import { TypingViews } from '../core/typing';
import type { Client, ClientState, ClientView, DeviceCommands, Notice } from '../view';
import { accountCommands } from './account-commands';
import { AuthorisedCalls } from './authorised-calls';
import { conversationCommands } from './conversation-commands';
import { CookieCalls } from './cookie-calls';
import { CoreRunner, type Dispatch } from './core-runner';
import { type EffectTargets, perform } from './effects';
import { LaneLocks } from './lane-locks';
import { messageCommands } from './message-commands';
import { MessageIds } from './message-ids';
import type { ClientOptions } from './options';
import { serverRequests } from './server-requests';
import { SocketTransport } from './socket-transport';
import { StorageSession } from './storage-session';

/**
 * Makes a client out of its parts: the core, the parts that its effects reach, and commands by area. Idle until
 * `start`.
 */
export function createClient(options: ClientOptions): Client {
  const ids = new MessageIds();
  const tabId = options.tabId ?? ids.next(options.timer.now());
  const state = initialState({ tabId, hasLocks: options.locks !== undefined });
  const core: CoreRunner = new CoreRunner(state, options, (effect) => perform(effect, targets));
  const { dispatch } = core;
  const nextId = () => ids.next(core.now() + (core.state.device.clockOffset ?? 0));
  const noticeListeners = new Set<(notice: Notice) => void>();
  const locksRefused = () => dispatch({ type: 'locksRefused' });
  const cookieCalls = new CookieCalls(options, { has: () => core.state.device.hasLocks, refused: locksRefused });
  const transport = new SocketTransport(options.connect, dispatch);
  const storage = new StorageSession(options, core, ids);
  const lanes =
    options.locks &&
    new LaneLocks(options.locks, {
      claimed: (conversationId, claimId) => storage.takeOver(conversationId, claimId),
      lost: (conversationId) => dispatch({ type: 'claimLost', conversationId }),
      refused: locksRefused,
    });
  const targets: EffectTargets = {
    core,
    transport,
    storage,
    cookieCalls,
    lanes,
    notify: (notice) => noticeListeners.forEach((listener) => listener(notice)),
  };
  const tokens = {
    token: () => core.state.session.token,
    rejected: (token: string) => dispatch({ type: 'tokenRejected', token }),
    subscribe: (listener: () => void) => core.subscribe(listener),
  };
  const authorised = new AuthorisedCalls(tokens, options.timer);
  const requests = serverRequests(core, transport, authorised, options.api);
  // Not spread: `view` is a getter.
  return Object.assign(clientState(options, targets, noticeListeners), {
    ...messageCommands(dispatch, nextId),
    ...conversationCommands(core, nextId, requests),
    ...deviceCommands(dispatch),
    ...accountCommands(dispatch, requests, authorised, cookieCalls),
    ...requests,
  });
}

function clientState(
  { lifecycle }: ClientOptions,
  { core, storage, lanes }: EffectTargets,
  noticeListeners: Set<(notice: Notice) => void>,
): ClientState {
  const timelines = new Timelines();
  const summaries = new Summaries();
  const typing = new TypingViews();
  let known: { state: typeof core.state; view: ClientView } | undefined;
  let stopListening: (() => void) | undefined;
  return {
    get view() {
      const { state } = core;
      if (known?.state !== state) known = { state, view: toView(state, core.now(), summaries) };
      return known.view;
    },
    subscribe: (listener) => core.subscribe(listener),
    onNotice(listener) {
      noticeListeners.add(listener);
      return () => noticeListeners.delete(listener);
    },
    async start() {
      const woken = () => {
        core.dispatch({ type: 'woken' });
        if (core.state.account.userId !== undefined) lanes?.stealWaiting(core.state.account.userId);
      };
      stopListening ??= lifecycle?.listen(woken, () => core.dispatch({ type: 'offlineHinted' }));
      await storage.restoreLastUser();
      core.dispatch({ type: 'started' });
    },
    async stop() {
      core.dispatch({ type: 'stopped' });
      stopListening?.();
      stopListening = undefined;
      core.cancelWake();
      lanes?.releaseAll();
      await storage.close();
    },
    timeline: (conversationId) => timelines.view(core.state, conversationId),
    presence(conversationId) {
      const presence = core.state.presence.byConversation.get(conversationId);
      return presence?.isCurrent === true || (presence && presence.count > 0) ? presence : undefined;
    },
    typing: (conversationId) => typing.view(core.state, conversationId),
    inspect: () => toInspection(core.state, core.now()),
  };
}

function deviceCommands(dispatch: Dispatch): DeviceCommands {
  return {
    tryNow: () => dispatch({ type: 'triedNow' }),
    setHidden: (isHidden) => dispatch({ type: 'setHidden', isHidden }),
    setIdle: (isIdle) => dispatch({ type: 'setIdle', isIdle }),
  };
}
