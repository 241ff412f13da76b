import { randomUUID } from 'node:crypto';
import type { PresenceStatus, User } from '@cloudhop/contracts';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type AppSocket, eventLog, isolate, isSeen, limits } from '@cloudhop/api/platform';
import { NodeBus } from '../feeds';
import { mergedStatus, NodeLeases, type NodeMessage, type Stance } from './node-leases';

const channel = 'presence';

const log = eventLog('presence');

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
 * Status of users: each node holds a lease on the users with devices on it, merged over devices, and publishes changes
 * to the other nodes at most once a second. The lease of a silent node expires after limits.presenceLeaseMs.
 */
@Injectable()
export class PresenceDirectory implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #node = randomUUID();
  readonly #people = new Map<string, Person>();
  readonly #leases = new NodeLeases();
  /** Latest status that the listeners received, of users who are not offline. */
  readonly #emitted = new Map<string, Stance>();
  readonly #dirty = new Set<string>();
  /** Users within the grace period after their last device closed. */
  readonly #leaving = new Set<string>();
  readonly #listeners: ((changes: readonly StatusChange[]) => void)[] = [];
  readonly #userListeners: ((user: User) => void)[] = [];
  #sentCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  #beatAt = 0;

  constructor(private readonly bus: NodeBus) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#unsubscribe = await this.bus.subscribeEphemeral(channel, (message) => this.#receive(message as NodeMessage));
    this.bus.publishEphemeral(channel, { kind: 'asking' } satisfies NodeMessage);
    // One timer for all people and nodes.
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
    this.bus.publishEphemeral(channel, { kind: 'user', user } satisfies NodeMessage);
    for (const listener of this.#userListeners) isolate(log, 'presence.listener_failed', () => listener(user));
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

  #receive(message: NodeMessage): void {
    if (message.kind === 'asking') return this.#publish(true);
    if (message.kind === 'user') {
      for (const listener of this.#userListeners)
        isolate(log, 'presence.listener_failed', () => listener(message.user));
      return;
    }
    const { changed, isBehind } = this.#leases.accept(message, performance.now());
    for (const userId of changed) this.#dirty.add(userId);
    // A message was lost: all nodes publish their full state again.
    if (isBehind) this.bus.publishEphemeral(channel, { kind: 'asking' } satisfies NodeMessage);
  }

  #tick(now: number): void {
    for (const userId of this.#leases.expire(now, limits.presenceLeaseMs)) this.#dirty.add(userId);
    for (const userId of this.#leaving) {
      if (this.#people.get(userId)!.leavesAt! > now) continue;
      this.#leaving.delete(userId);
      this.#dirty.add(userId);
    }
    if (this.#dirty.size > 0) this.#settle(now);
    else if (now - this.#beatAt >= limits.presenceBeatMs) this.#publish(false);
  }

  /** Computes the status of changed users, and publishes it. */
  #settle(now: number): void {
    const here: [string, Stance | undefined][] = [];
    const changes: StatusChange[] = [];
    for (const userId of this.#dirty) {
      const person = this.#people.get(userId);
      const before = person?.stance;
      const stance = person && this.#stanceOf(person, now);
      if (person && !isSame(before, stance)) {
        here.push([userId, stance]);
        if (stance) person.stance = stance;
        else delete person.stance;
      }
      if (person?.sockets.size === 0 && person.stance === undefined) {
        this.#people.delete(userId);
        this.#leaving.delete(userId);
      }
      const merged = mergedStatus([stance, ...this.#leases.of(userId)]);
      const known = this.#emitted.get(userId);
      if (isSame(known, merged)) continue;
      if (merged) this.#emitted.set(userId, merged);
      else this.#emitted.delete(userId);
      const showsLastSeen = (merged ?? known!).showsLastSeen;
      changes.push({ userId, status: merged?.status ?? 'offline', showsLastSeen, isOurs: before !== undefined });
    }
    this.#dirty.clear();
    if (here.length > 0) this.#publish(false, here);
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

  #publish(isAll: boolean, changes: readonly [string, Stance | undefined][] = []): void {
    this.#beatAt = performance.now();
    const all = [...this.#people].map(([userId, { stance }]): [string, Stance | undefined] => [userId, stance]);
    const people = (isAll ? all : changes).map(([userId, stance]): [string, Stance | null] => [userId, stance ?? null]);
    const node = this.#node;
    // A heartbeat repeats the number of the last message, so that receivers notice a lost one.
    if (!isAll && people.length > 0) this.#sentCount++;
    this.bus.publishEphemeral(channel, {
      kind: 'lease',
      node,
      n: this.#sentCount,
      isAll,
      people,
    } satisfies NodeMessage);
  }
}

function isSame(a: Stance | undefined, b: Stance | undefined): boolean {
  return a?.status === b?.status && a?.showsLastSeen === b?.showsLastSeen;
}
