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

/** The client; the application provides it. */
export const CLIENT = new InjectionToken<Client>('CLIENT');

/** The client's state as signals, and its commands. Events enter the page here and nowhere else. */
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
  /** Conversations that were removed, or never belonged to this user. */
  readonly gone = computed(() => this.#read().gone);
  /** Friends and pending requests, by the other user's id. */
  readonly friends = computed(() => this.#read().friends);
  /** Muted and blocked users. */
  readonly blocks = computed(() => this.#read().blocks);
  readonly settings = computed(() => this.#read().settings);
  /** Presence of friends; empty without a connection. */
  readonly statuses = computed(() => this.#read().statuses);
  /** Invitations to groups, by the conversation's id. */
  readonly invitations = computed(() => this.#read().invitations);
  /** Total unread count, as in the title. */
  readonly badge = computed(() => this.#read().badge);
  readonly deletions = computed(() => this.#read().deletions);
  readonly isHidden = computed(() => this.#read().isHidden);
  /** True if nothing survives the page. */
  readonly isEphemeral = computed(() => this.#read().isEphemeral);
  /** The latest notice for the user. */
  readonly notice = this.#notice.asReadonly();

  constructor() {
    const stops = [
      this.#client.subscribe(() => this.#change.update((count) => count + 1)),
      this.#client.onNotice((notice) => this.#notice.set(notice)),
    ];
    inject(DestroyRef).onDestroy(() => stops.forEach((stop) => stop()));
  }

  /** Returns the lines of a conversation; undefined until they are known. Reactive. */
  timeline(conversationId: string): TimelineView | undefined {
    this.#change();
    return this.#client.timeline(conversationId);
  }

  /** Returns the users online in a conversation. Reactive. */
  presence(conversationId: string): PresenceView | undefined {
    this.#change();
    return this.#client.presence(conversationId);
  }

  /** Returns the users typing in a conversation. Reactive. */
  typing(conversationId: string): TypingView {
    this.#change();
    return this.#client.typing(conversationId);
  }

  dismissNotice(): void {
    this.#notice.set(undefined);
  }

  /** Commands of the client. Their effects come back through the signals. */
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

/** Returns the contract's error of a rejected command; any other rejection counts as a server that did not answer. */
export function errorBodyOf(error: unknown): ErrorBody {
  return error instanceof ClientError ? error.body : { code: 'unavailable', message: 'The server did not answer.' };
}
