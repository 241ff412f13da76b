import { v7 as uuidv7 } from 'uuid';
import type { ClientEvent, Effect, Fact, RequestEffect, Unstamped } from '../core/events';
import { type State, initialState } from '../core/state';
import { step } from '../core/step';
import { wholeWrite } from '../core/writes';
import type { Notice } from '../view';
import { type StoredUser, applyConversation, applyPersonal, emptyUser, toSnapshot } from '../storage/stored-user';
import type { ModelServer } from './model-server';

/** Clock and ids that the devices of a program share. */
export class ModelClock {
  now = 1_700_000_000_000;
  #ids = 0;

  /** Ascending UUIDv7s without chance, so that a program runs the same way twice. */
  nextId(): string {
    return uuidv7({ msecs: this.now, seq: this.#ids++, random: new Uint8Array(16) });
  }
}

interface Down {
  event: Unstamped;
  isFact: boolean;
}

/** One tab: the core over a wire whose every packet the program moves, loses or doubles. */
export class ModelDevice {
  state: State;
  readonly notices: Notice[] = [];
  /** Requests that the server has not seen. */
  readonly up: RequestEffect[] = [];
  /** Facts and answers that the client has not seen. */
  down: Down[] = [];
  #socket: number | undefined;
  isOnline = true;

  constructor(
    readonly userId: string,
    private readonly server: ModelServer,
    private readonly clock: ModelClock,
    readonly storage: StoredUser = emptyUser(),
    private readonly tabId = 'tab',
  ) {
    this.state = initialState({ tabId, hasLocks: false });
    this.#boot();
  }

  #boot(): void {
    const isKnown = this.storage.personal !== undefined;
    if (isKnown)
      this.dispatch({ type: 'restored', userId: this.userId, snapshot: structuredClone(toSnapshot(this.storage)) });
    this.dispatch({ type: 'started' });
  }

  /** The page is loaded again: only what was stored remains. */
  reload(): void {
    this.cut(false);
    this.state = initialState({ tabId: this.tabId, hasLocks: false });
    this.#boot();
  }

  dispatch(event: Unstamped): void {
    const stamped: ClientEvent = { ...event, now: this.clock.now, random: 0.5 };
    const { state, effects } = step(this.state, stamped);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  hear(fact: Fact): void {
    if (this.#socket !== undefined)
      this.down.push({
        event: { type: 'factReceived', socket: this.#socket, fact: structuredClone(fact) },
        isFact: true,
      });
  }

  /** The server takes the oldest request; with `isAnswerLost` nobody hears what it did. */
  serve(isAnswerLost = false): void {
    const request = this.up.shift();
    if (!request || request.socket !== this.#socket) return;
    const { socket, requestId, name, payload } = request;
    const reply = this.server.answer(this.userId, name, payload);
    if (isAnswerLost) return;
    const outcome = reply.ok
      ? { ok: true as const, data: structuredClone(reply.data) }
      : { ok: false as const, error: reply.error };
    this.down.push({ event: { type: 'answered', socket, requestId, outcome }, isFact: false });
  }

  deliver(at = 0): void {
    const [next] = this.down.splice(Math.min(at, this.down.length - 1), 1);
    if (next) this.dispatch(next.event);
  }

  double(): void {
    const fact = this.down.find(({ isFact }) => isFact);
    if (fact) this.down.push({ ...fact });
  }

  lose(): void {
    const at = this.down.findIndex(({ isFact }) => isFact);
    if (at >= 0) this.down.splice(at, 1);
  }

  /** The connection ends; what was on the wire is gone. */
  cut(isTold = true): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.up.length = 0;
    this.down = [];
    if (isTold && socket !== undefined) this.dispatch({ type: 'disconnected', socket });
  }

  /** Lets time pass to the next thing that the core waits for, and moves every packet, until nothing is left to do. */
  settle(): void {
    for (let i = 0; i < 10_000; i++) {
      if (this.up.length > 0) this.serve();
      else if (this.down.length > 0) this.deliver();
      else if (this.state.wakeAt !== undefined && this.state.wakeAt < this.clock.now + 3_600_000) {
        // The renewal of the token is far away and never ends.
        if (this.state.wakeAt >= this.state.session.renewAt && this.state.session.token !== undefined) return;
        this.clock.now = Math.max(this.clock.now, this.state.wakeAt);
        this.dispatch({ type: 'ticked' });
      } else return;
    }
    throw new Error('the device does not come to rest');
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'session': {
        const expiresAt = new Date(this.clock.now + 30 * 24 * 3_600_000).toISOString();
        const user = this.server.user(this.userId);
        const data = { user, accessToken: `token-${effect.requestId}`, expiresAt };
        return this.dispatch({
          type: 'sessionAnswered',
          requestId: effect.requestId,
          outcome: { ok: true, data },
          serverTime: this.clock.now,
        });
      }
      case 'load':
        return this.dispatch({
          type: 'restored',
          userId: effect.userId,
          snapshot: structuredClone(toSnapshot(this.storage)),
        });
      case 'connect':
        if (!this.isOnline) return this.dispatch({ type: 'connectFailed', socket: effect.socket });
        this.#socket = effect.socket;
        return this.dispatch({ type: 'connected', socket: effect.socket });
      case 'disconnect':
        if (effect.socket === this.#socket) this.cut(false);
        return;
      case 'request':
        if (effect.socket === this.#socket) this.up.push(effect);
        return;
      case 'write': {
        const write = structuredClone(effect.write);
        if (write.kind === 'personal') return void applyPersonal(this.storage, write);
        if (applyConversation(this.storage, write) !== 'behind') return;
        const whole = wholeWrite(this.state, write.conversationId);
        return void (whole && applyConversation(this.storage, structuredClone(whole)));
      }
      case 'storeEntry':
        this.storage.outbox.set(effect.entry.entryId, effect.entry);
        return this.dispatch({ type: 'entryStored', entryId: effect.entry.entryId });
      case 'dropEntry':
        return void this.storage.outbox.delete(effect.entryId);
      case 'wipe':
        return void Object.assign(this.storage, emptyUser(), { generation: this.storage.generation + 1 });
      case 'leaveStored':
        return;
      case 'claim':
        return this.dispatch({ type: 'claimed', conversationId: effect.conversationId, claimId: effect.claimId });
      case 'release':
        return;
      case 'notice':
        this.notices.push(effect.notice);
    }
  }
}
