import { type PresenceStatus, User } from '@cloudhop/contracts';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type AppSocket, eventLog, isolate, isSeen, limits } from '@cloudhop/api/platform';
import * as z from 'zod';
import { NodeBus } from '../bus';
import { ReplicatedState, type SectionChange, type StateSection } from '../nodes';
import { mergedStatus, Stance } from './stance';

const channel = 'presence';

const log = eventLog('presence');

/** Message to the nodes with devices or peers of a user. */
const UserMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), user: User }),
  z.object({ kind: z.literal('hidden'), userId: z.string(), isHidden: z.boolean() }),
]);
type UserMessage = z.infer<typeof UserMessage>;

/** A user's new status, merged over all nodes. */
export interface StatusChange {
  userId: string;
  status: PresenceStatus;
  /** True if friends may see when the user was last seen. */
  showsLastSeen: boolean;
  /** True if the user has, or had, a device on this node. */
  isOurs: boolean;
}

interface Person {
  sockets: Set<AppSocket>;
  /** End of the grace period after the last device closed. */
  leavesAt?: number;
  stance?: Stance;
}

/**
 * Status of users, merged over devices and nodes. Each node owns the status of the users with devices on it, until it is
 * gone.
 */
@Injectable()
export class PresenceDirectory implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #people = new Map<string, Person>();
  readonly #shared: StateSection<Stance>;
  /** Users of a node that stopped in order, until the grace period is over: they reconnect to another one. */
  readonly #handedOver = new Map<string, { stance: Stance; until: number }>();
  /** Latest status that the listeners received, of users who are not offline. */
  readonly #emitted = new Map<string, Stance>();
  readonly #dirty = new Set<string>();
  /** Users within the grace period after their last device closed. */
  readonly #leaving = new Set<string>();
  readonly #listeners: ((changes: readonly StatusChange[]) => void)[] = [];
  readonly #userListeners: ((user: User) => void)[] = [];
  readonly #hiddenListeners: ((userId: string, isHidden: boolean) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly bus: NodeBus,
    private readonly state: ReplicatedState,
  ) {
    this.#shared = state.section('statuses', Stance, (_node, changes, gone) =>
      this.#othersChanged(changes, gone?.isOrderly === true),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#unsubscribe = await this.bus.subscribeEphemeral(channel, (message) => this.#receive(message));
    // One timer for all people.
    this.#timer = setInterval(
      () => isolate(log, 'presence.tick_failed', () => this.#tick(performance.now())),
      limits.presenceIntervalMs,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
  }

  /** Calls `listener`, at most once a second, with all changes. */
  onChange(listener: (changes: readonly StatusChange[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` when a profile changes, on any node. */
  onUserChange(listener: (user: User) => void): void {
    this.#userListeners.push(listener);
  }

  /** Calls `listener` when a device on another node hides its user, or shows them again. */
  onHidden(listener: (userId: string, isHidden: boolean) => void): void {
    this.#hiddenListeners.push(listener);
  }

  /** Adds a device of this node, until it closes. */
  arrive(socket: AppSocket): void {
    const { userId } = socket.data.actor;
    const person = this.#people.get(userId) ?? { sockets: new Set() };
    this.#people.set(userId, person);
    delete person.leavesAt;
    this.#leaving.delete(userId);
    person.sockets.add(socket);
    this.changed(userId);
    // Also of a socket that closes before it was connected.
    socket.conn.once('close', () => {
      person.sockets.delete(socket);
      if (person.sockets.size > 0) return this.changed(userId);
      person.leavesAt = performance.now() + limits.presenceGraceMs;
      this.#leaving.add(userId);
    });
  }

  /** Marks a user whose devices on this node have changed: idle, hidden, or by settings. */
  changed(userId: string): void {
    this.#dirty.add(userId);
  }

  /** Publishes a changed profile. */
  userChanged(user: User): void {
    this.bus.publishEphemeral(channel, { kind: 'user', user } satisfies UserMessage);
    for (const listener of this.#userListeners) isolate(log, 'presence.listener_failed', () => listener(user));
  }

  /** Hides the devices of a user on the other nodes, or shows them again. */
  hideElsewhere(userId: string, isHidden: boolean): void {
    this.bus.publishEphemeral(channel, { kind: 'hidden', userId, isHidden } satisfies UserMessage);
  }

  /** Returns the status that the listeners received last. */
  statusOf(userId: string): PresenceStatus {
    return this.#emitted.get(userId)?.status ?? 'offline';
  }

  /** Number of visible users on all nodes, by the status that the listeners received last. */
  get onlineCount(): number {
    return this.#emitted.size;
  }

  /** Returns the visible users with devices on this node. */
  seenHere(): string[] {
    return [...this.#people].flatMap(([userId, { stance }]) => (stance ? [userId] : []));
  }

  #receive(received: object): void {
    const parsed = UserMessage.safeParse(received);
    if (!parsed.success) return log.warn('presence.malformed');
    const message = parsed.data;
    if (message.kind === 'user')
      for (const listener of this.#userListeners)
        isolate(log, 'presence.listener_failed', () => listener(message.user));
    else
      for (const listener of this.#hiddenListeners)
        isolate(log, 'presence.listener_failed', () => listener(message.userId, message.isHidden));
  }

  #othersChanged(changes: readonly SectionChange<Stance>[], isHandedOver: boolean): void {
    const until = performance.now() + limits.presenceGraceMs;
    for (const { key: userId, before } of changes) {
      if (isHandedOver && before) this.#handedOver.set(userId, { stance: before, until });
      this.#dirty.add(userId);
    }
  }

  #tick(now: number): void {
    for (const [userId, { until }] of this.#handedOver) {
      if (until > now) continue;
      this.#handedOver.delete(userId);
      this.#dirty.add(userId);
    }
    for (const userId of this.#leaving) {
      if (this.#people.get(userId)!.leavesAt! > now) continue;
      this.#leaving.delete(userId);
      this.#dirty.add(userId);
    }
    if (this.#dirty.size > 0) this.#settle(now);
  }

  /** Computes the status of changed users, and publishes it. */
  #settle(now: number): void {
    const changes: StatusChange[] = [];
    for (const userId of this.#dirty) {
      const person = this.#people.get(userId);
      const before = person?.stance;
      const stance = person && this.#stanceOf(person, now);
      if (person && !isSame(before, stance)) {
        this.#shared.set(userId, stance);
        if (stance) person.stance = stance;
        else delete person.stance;
      }
      if (person?.sockets.size === 0 && person.stance === undefined) {
        this.#people.delete(userId);
        this.#leaving.delete(userId);
      }
      const merged = mergedStatus([stance, ...this.#shared.others(userId), this.#handedOver.get(userId)?.stance]);
      const known = this.#emitted.get(userId);
      if (isSame(known, merged)) continue;
      if (merged) this.#emitted.set(userId, merged);
      else this.#emitted.delete(userId);
      const showsLastSeen = (merged ?? known!).showsLastSeen;
      changes.push({ userId, status: merged?.status ?? 'offline', showsLastSeen, isOurs: before !== undefined });
    }
    this.#dirty.clear();
    this.state.flush();
    if (changes.length > 0)
      for (const listener of this.#listeners) isolate(log, 'presence.listener_failed', () => listener(changes));
  }

  /** Returns the status merged over the visible devices; within the grace period the former one. */
  #stanceOf({ sockets, leavesAt, stance }: Person, now: number): Stance | undefined {
    if (sockets.size === 0) return leavesAt !== undefined && leavesAt > now ? stance : undefined;
    const seen = [...sockets].filter(isSeen);
    const [socket] = seen;
    if (!socket) return undefined;
    const status = seen.every(({ data }) => data.isIdle) ? 'idle' : 'online';
    return { status, showsLastSeen: socket.data.settings.showsLastSeen };
  }
}

function isSame(a: Stance | undefined, b: Stance | undefined): boolean {
  return a?.status === b?.status && a?.showsLastSeen === b?.showsLastSeen;
}
