import {
  type Actor,
  type AppSocket,
  DomainError,
  FeedHub,
  RealtimeServer,
  conversationFeed,
  eventLog,
  isSeen,
  isolate,
  limits,
} from '@cloudhop/api/core';
import { type RequestPayload, type User, limits as wire } from '@cloudhop/contracts';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Company } from './company.service';

const log = eventLog('typing');

interface Typer {
  user: User;
  notFor: ReadonlySet<string>;
  /** Forgotten then, without another word. */
  until: number;
}

interface Place {
  typers: Map<string, Typer>;
  toldAt: number;
  timer: NodeJS.Timeout | undefined;
  /** Somebody of whom the followers know is not told of otherwise. */
  isTold: boolean;
}

interface Whisper {
  user: User;
  on: boolean;
  /** Whom they have blocked. */
  notFor?: string[];
}

/** Who types: a latest value for each conversation, told at most once a second, kept nowhere. */
@Injectable()
export class Typing implements OnModuleInit, OnApplicationShutdown {
  readonly #places = new Map<string, Place>();

  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(RealtimeServer) private readonly realtime: RealtimeServer,
    @Inject(Company) private readonly company: Company,
  ) {}

  onModuleInit(): void {
    this.feeds.onWhisper('typing', (conversationId, whisper) => this.#heard(conversationId, whisper as Whisper));
    // Pages take whoever speaks off their list by themselves.
    this.feeds.onChange('conversation', (conversationId, change) => {
      if (change.kind === 'message') this.#places.get(conversationId)?.typers.delete(change.message.authorId);
      if (change.kind === 'member' && change.member.state !== 'joined')
        this.#stop(conversationId, change.member.userId);
    });
  }

  onApplicationShutdown(): void {
    for (const { timer } of this.#places.values()) clearTimeout(timer);
  }

  /** Only for who hears the conversation: anybody else gets not_found. Who appears offline types unseen. */
  set(
    { userId }: Actor,
    { conversationId, on }: RequestPayload<'typing:set'>,
    socket: AppSocket,
  ): Record<string, never> {
    if (!this.feeds.isAdmitted(socket, conversationFeed(conversationId))) throw new DomainError('not_found');
    if (on && !isSeen(socket)) return {};
    const known = this.#places.get(conversationId)?.typers.get(userId);
    // Said a moment ago, or never.
    const isFresh =
      known !== undefined && known.until - performance.now() > limits.typingLeaseMs - limits.typingIntervalMs;
    if (on ? isFresh : !known) return {};
    const blocked = this.company.find(userId)?.blocked;
    const notFor = blocked && blocked.size > 0 ? { notFor: [...blocked] } : {};
    this.feeds.whisper('typing', conversationId, { user: socket.data.user, on, ...notFor } satisfies Whisper);
    return {};
  }

  #heard(conversationId: string, { user, on, notFor }: Whisper): void {
    if (!on) return this.#stop(conversationId, user.id);
    const place = this.#places.get(conversationId) ?? {
      typers: new Map(),
      toldAt: -Infinity,
      timer: undefined,
      isTold: false,
    };
    this.#places.set(conversationId, place);
    const isNew = !place.typers.has(user.id);
    place.typers.set(user.id, { user, notFor: new Set(notFor), until: performance.now() + limits.typingLeaseMs });
    if (isNew) place.isTold = false;
    this.#arrange(conversationId, place);
  }

  #stop(conversationId: string, userId: string): void {
    const place = this.#places.get(conversationId);
    if (!place?.typers.delete(userId)) return;
    place.isTold = false;
    this.#arrange(conversationId, place);
  }

  /** One timer a conversation, only while somebody types there: for what is to be told, or said again, or forgotten. */
  #arrange(conversationId: string, place: Place): void {
    if (place.timer !== undefined) return;
    const now = performance.now();
    const wait = Math.max(0, place.toldAt + (place.isTold ? wire.typingRepeatMs : limits.typingIntervalMs) - now);
    place.timer = setTimeout(() => {
      place.timer = undefined;
      isolate(log, 'typing.tell_failed', () => this.#tell(conversationId, place));
      if (place.typers.size > 0) this.#arrange(conversationId, place);
      else this.#places.delete(conversationId);
    }, wait);
  }

  #tell(conversationId: string, place: Place): void {
    const now = performance.now();
    for (const [userId, { until }] of place.typers) if (until <= now) place.typers.delete(userId);
    place.toldAt = now;
    place.isTold = true;
    const typers = [...place.typers.values()];
    const users = typers.slice(0, wire.typingNames).map(({ user }) => user);
    const fact = { conversationId, userIds: users.map(({ id }) => id), count: typers.length, users };
    const feed = conversationFeed(conversationId);
    const sockets = this.feeds.admitted(feed);
    const told = sockets.filter((socket) => !this.#isApart(socket, typers));
    if (told.length === sockets.length) this.realtime.emit(this.feeds.rooms(feed), 'typing:changed', fact);
    else this.realtime.tell(told, 'typing:changed', fact);
  }

  /** Of two people alone nothing of one reaches the other after a block, either way; among more, pages fold them. */
  #isApart(socket: AppSocket, typers: readonly Typer[]): boolean {
    const { userId } = socket.data.actor;
    const blocked = this.company.find(userId)?.blocked;
    return (
      typers.length > 0 && typers.every(({ user, notFor }) => notFor.has(userId) || blocked?.has(user.id) === true)
    );
  }
}
