import { DestroyRef, Injectable, InjectionToken, computed, inject, signal } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import {
  ClientError,
  type Client,
  type Notice,
  type PresenceView,
  type TimelineView,
  type TypingView,
} from '@cloudhop/sdk';

/** The client without a screen; the application provides it. */
export const CLIENT = new InjectionToken<Client>('CLIENT');

/** The client's state as signals, and its verbs. Facts enter the page here and nowhere else. */
@Injectable({ providedIn: 'root' })
export class ClientStore {
  readonly #client = inject(CLIENT);
  readonly #change = signal(0);
  readonly #notice = signal<Notice | undefined>(undefined);

  readonly connection = computed(() => this.#read().connection);
  readonly me = computed(() => this.#read().me);
  readonly lobbyId = computed(() => this.#read().lobbyId);
  readonly users = computed(() => this.#read().users);
  readonly conversations = computed(() => this.#read().conversations);
  /** Conversations that were taken away, or never were this person's. */
  readonly gone = computed(() => this.#read().gone);
  /** Friends and the requests that wait, by the id of the other one. */
  readonly friends = computed(() => this.#read().friends);
  /** Whom one has muted or blocked. */
  readonly blocks = computed(() => this.#read().blocks);
  readonly settings = computed(() => this.#read().settings);
  /** Whether friends are here; nothing without a connection. */
  readonly statuses = computed(() => this.#read().statuses);
  /** Groups one was asked into, by the conversation's id. */
  readonly invitations = computed(() => this.#read().invitations);
  /** What waits for the person in all: what the title says. */
  readonly badge = computed(() => this.#read().badge);
  readonly deletions = computed(() => this.#read().deletions);
  readonly isHidden = computed(() => this.#read().isHidden);
  /** Whether nothing outlives the page. */
  readonly isEphemeral = computed(() => this.#read().isEphemeral);
  /** The last thing that the person should be told. */
  readonly notice = this.#notice.asReadonly();

  constructor() {
    const stops = [
      this.#client.subscribe(() => this.#change.update((count) => count + 1)),
      this.#client.onNotice((notice) => this.#notice.set(notice)),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  /** Reactive: the lines of a conversation, absent until they are known. */
  timeline(conversationId: string): TimelineView | undefined {
    this.#change();
    return this.#client.timeline(conversationId);
  }

  /** Reactive: who is here. */
  presence(conversationId: string): PresenceView | undefined {
    this.#change();
    return this.#client.presence(conversationId);
  }

  /** Reactive: who types there. */
  typing(conversationId: string): TypingView {
    this.#change();
    return this.#client.typing(conversationId);
  }

  dismissNotice(): void {
    this.#notice.set(undefined);
  }

  /** The verbs; what they change comes back through the signals. */
  get act(): Pick<
    Client,
    | 'tryNow'
    | 'send'
    | 'edit'
    | 'remove'
    | 'undoRemove'
    | 'react'
    | 'retry'
    | 'discard'
    | 'loadBefore'
    | 'loadAfter'
    | 'jumpTo'
    | 'jumpToLatest'
    | 'markRead'
    | 'open'
    | 'close'
    | 'setDraft'
    | 'setTyping'
    | 'setHidden'
    | 'setIdle'
    | 'ask'
    | 'call'
    | 'changeProfile'
    | 'openDirect'
    | 'createGroup'
    | 'joinGroup'
    | 'createRoom'
    | 'joinRoom'
    | 'leaveRoom'
    | 'logOut'
    | 'register'
    | 'logIn'
    | 'recover'
    | 'endSessions'
    | 'deleteAccount'
  > {
    return this.#client;
  }

  #read(): Client['view'] {
    this.#change();
    return this.#client.view;
  }
}

/** The contract's error in what a verb was rejected with; anything else counts as a server that did not answer. */
export function errorBodyOf(error: unknown): ErrorBody {
  return error instanceof ClientError ? error.body : { code: 'unavailable', message: 'The server did not answer.' };
}
