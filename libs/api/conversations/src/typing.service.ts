import {
  type Actor,
  type AppSocket,
  DomainError,
  RealtimeServer,
  eventLog,
  isSeen,
  isolate,
  limits,
} from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import { type FactPayload, type RequestPayload, type User, limits as wire } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BlockedUsers } from './blocked-users.port';

const log = eventLog('typing');

interface Typer {
  user: User;
  notFor: ReadonlySet<string>;
  /** Time at which the typer expires. */
  until: number;
}

interface Place {
  typers: Map<string, Typer>;
  emittedAt: number;
  timer: NodeJS.Timeout | undefined;
  /** True if the latest fact still holds. */
  isEmitted: boolean;
  /** Typers in the latest fact. */
  emitted: readonly Typer[];
}

interface TypingMessage {
  user: User;
  on: boolean;
  /** Users whom the typer has blocked. */
  notFor?: string[];
}

/** Typing notices: a latest value for each conversation, emitted at most once a second, stored nowhere. */
@Injectable()
export class TypingService implements OnModuleInit, OnApplicationShutdown {
  readonly #places = new Map<string, Place>();

  constructor(
    private readonly feeds: FeedHub,
    private readonly realtime: RealtimeServer,
    private readonly blockedUsers: BlockedUsers,
  ) {}

  onModuleInit(): void {
    this.feeds.onEphemeral('typing', (conversationId, message) =>
      this.#receive(conversationId, message as TypingMessage),
    );
    // Pages remove the author of a message from their list themselves.
    this.feeds.onChange('conversation', (conversationId, change) => {
      if (change.kind === 'message') this.#places.get(conversationId)?.typers.delete(change.message.authorId);
      if (change.kind === 'member' && change.member.state !== 'joined')
        this.#stop(conversationId, change.member.userId);
    });
  }

  onApplicationShutdown(): void {
    for (const { timer } of this.#places.values()) clearTimeout(timer);
  }

  /**
   * Publishes that the actor types or stopped. Throws not_found without an active subscription. Users who appear
   * offline are not shown.
   */
  set(
    { userId }: Actor,
    { conversationId, on }: RequestPayload<'typing:set'>,
    socket: AppSocket,
  ): Record<string, never> {
    if (!this.feeds.isActive(socket, conversationFeed(conversationId))) throw new DomainError('not_found');
    if (on && !isSeen(socket)) return {};
    const known = this.#places.get(conversationId)?.typers.get(userId);
    // Already published a moment ago, or nothing to stop.
    const isFresh =
      known !== undefined && known.until - performance.now() > limits.typingLeaseMs - limits.typingIntervalMs;
    if (on ? isFresh : !known) return {};
    const blocked = this.blockedUsers.blockedBy(userId);
    const notFor = blocked && blocked.size > 0 ? { notFor: [...blocked] } : {};
    this.feeds.publishEphemeral('typing', conversationId, {
      user: socket.data.user,
      on,
      ...notFor,
    } satisfies TypingMessage);
    return {};
  }

  #receive(conversationId: string, { user, on, notFor }: TypingMessage): void {
    if (!on) return this.#stop(conversationId, user.id);
    const place = this.#places.get(conversationId) ?? {
      typers: new Map(),
      emittedAt: -Infinity,
      timer: undefined,
      isEmitted: false,
      emitted: [],
    };
    this.#places.set(conversationId, place);
    const isNew = !place.typers.has(user.id);
    place.typers.set(user.id, { user, notFor: new Set(notFor), until: performance.now() + limits.typingLeaseMs });
    if (isNew) place.isEmitted = false;
    this.#arrange(conversationId, place);
  }

  #stop(conversationId: string, userId: string): void {
    const place = this.#places.get(conversationId);
    if (!place?.typers.delete(userId)) return;
    place.isEmitted = false;
    this.#arrange(conversationId, place);
  }

  /** Schedules one timer per conversation while somebody types: for a new fact, its repetition, or expiry. */
  #arrange(conversationId: string, place: Place): void {
    if (place.timer !== undefined) return;
    const now = performance.now();
    const wait = Math.max(0, place.emittedAt + (place.isEmitted ? wire.typingRepeatMs : limits.typingIntervalMs) - now);
    place.timer = setTimeout(() => {
      place.timer = undefined;
      isolate(log, 'typing.tell_failed', () => this.#emit(conversationId, place));
      if (place.typers.size > 0) this.#arrange(conversationId, place);
      else this.#places.delete(conversationId);
    }, wait);
  }

  #emit(conversationId: string, place: Place): void {
    const now = performance.now();
    for (const [userId, { until }] of place.typers) if (until <= now) place.typers.delete(userId);
    const typers = [...place.typers.values()];
    const [before, isRepeat] = [place.emitted, place.isEmitted];
    Object.assign(place, { emittedAt: now, isEmitted: true, emitted: typers } satisfies Partial<Place>);
    const feed = conversationFeed(conversationId);
    const sockets = this.feeds.activeSockets(feed);
    const isConcerned = (socket: AppSocket) => [...before, ...typers].some((typer) => this.#areApart(socket, typer));
    const concerned = new Set(sockets.filter(isConcerned));
    const fact = toFact(conversationId, typers);
    if (concerned.size === 0) return this.realtime.emit(this.feeds.rooms(feed), 'typing:changed', fact);
    const others = sockets.filter((socket) => !concerned.has(socket));
    this.realtime.emitTo(others, 'typing:changed', fact);
    for (const socket of concerned) {
      const seen = (all: readonly Typer[]) => all.filter((typer) => !this.#areApart(socket, typer));
      const [was, is] = [seen(before), seen(typers)];
      // A fact without a visible change would reveal that a hidden user types.
      const hasChanged = isRepeat ? is.length > 0 : !isSame(was, is);
      if (hasChanged) this.realtime.emitTo([socket], 'typing:changed', toFact(conversationId, is));
    }
  }

  /** Returns true if a block keeps the socket's user and the typer apart: neither sees the other type. */
  #areApart(socket: AppSocket, { user, notFor }: Typer): boolean {
    const { userId } = socket.data.actor;
    return notFor.has(userId) || this.blockedUsers.apartFrom(userId)?.has(user.id) === true;
  }
}

function toFact(conversationId: string, typers: readonly Typer[]): FactPayload<'typing:changed'> {
  const users = typers.slice(0, wire.typingNames).map(({ user }) => user);
  return { conversationId, userIds: users.map(({ id }) => id), count: typers.length, users };
}

function isSame(one: readonly Typer[], other: readonly Typer[]): boolean {
  return one.length === other.length && one.every(({ user }, n) => user.id === other[n]!.user.id);
}
