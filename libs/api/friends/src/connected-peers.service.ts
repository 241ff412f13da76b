import type { BlockedUsers } from '@cloudhop/api/conversations';
import type { PersonalChange, PersonalSettings } from '@cloudhop/contracts';
import { type AppSocket, RealtimeServer, eventLog, isClosed, isolate, limits } from '@cloudhop/api/platform';
import {
  type FeedChange,
  FeedHub,
  PresenceDirectory,
  PresenceRegistry,
  ReplicatedState,
  type SectionChange,
  type StateSection,
} from '@cloudhop/api/realtime';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';
import { FriendsRepository } from './friends.repository';

const log = eventLog('connected_peers');

/** A user with a device on this node, with the parts of the personal feed that decide who receives which facts. */
export interface Connected {
  userId: string;
  sockets: Set<AppSocket>;
  friends: Set<string>;
  blocked: Set<string>;
  settings: PersonalSettings;
}

export interface ConnectedPeersListener {
  friendAdded?(person: Connected, friendId: string): void;
  friendRemoved?(person: Connected, friendId: string): void;
  settingsChanged?(person: Connected, before: PersonalSettings): void;
  /** A block that alone keeps the two apart began or ended, by either of them. */
  apartChanged?(person: Connected, otherId: string): void;
  /** The last device of this node closed. */
  left?(person: Connected): void;
}

/**
 * Users who are connected to this node, with friends, blocks and settings: read once when they connect, then updated
 * from their personal feed, so that presence and typing need no database.
 */
@Injectable()
export class ConnectedPeers implements BlockedUsers, OnModuleInit {
  readonly #people = new Map<string, Promise<Connected>>();
  readonly #known = new Map<string, Connected>();
  /** Connected users by the ids of those whom they have blocked. */
  readonly #blockers = new Map<string, Set<string>>();
  /** Blocks of the users of each node, absent while they have never had one. */
  readonly #shared: StateSection<string[]>;
  /** Blocks of users who have gone, for as long as their leave may be emitted. */
  readonly #departed = new Map<string, { blocked: readonly string[]; until: number }>();
  /** Changes that arrived while a user was being read. */
  readonly #waiting = new Map<string, PersonalChange[]>();
  readonly #listeners: ConnectedPeersListener[] = [];

  constructor(
    private readonly repository: FriendsRepository,
    private readonly realtime: RealtimeServer,
    private readonly feeds: FeedHub,
    private readonly registry: PresenceRegistry,
    private readonly directory: PresenceDirectory,
    state: ReplicatedState,
  ) {
    this.#shared = state.section('blocks', z.array(z.string()), (_node, changes) => {
      for (const change of changes) this.#otherBlocksChanged(change);
    });
  }

  onModuleInit(): void {
    // The step of auth, which comes before, has subscribed to the personal feed: no later change is missed.
    this.realtime.onHandshake((socket) => this.#arrive(socket), 'subscribe');
    this.feeds.onChange('personal', (userId, change) => this.#changed(userId, change));
  }

  listen(listener: ConnectedPeersListener): void {
    this.#listeners.push(listener);
  }

  /** Returns a user with a device on this node; undefined for anybody else. */
  find(userId: string): Connected | undefined {
    return this.#known.get(userId);
  }

  /**
   * Returns the users whom a block of either side keeps apart from the user, among those who are connected to any node;
   * undefined if none.
   */
  apartFrom(userId: string): ReadonlySet<string> | undefined {
    const blocked = this.#known.get(userId)?.blocked;
    const blockers = this.#blockers.get(userId);
    if (!blocked || blocked.size === 0) return blockers;
    return blockers ? new Set([...blocked, ...blockers]) : blocked;
  }

  blockedBy(userId: string): ReadonlySet<string> | undefined {
    return this.#known.get(userId)?.blocked;
  }

  async #arrive(socket: AppSocket): Promise<void> {
    const { userId } = socket.data.actor;
    socket.conn.once('close', () => this.#leave(socket));
    let person: Connected;
    // Another device that waited for the same read, and closed meanwhile, may have been the last one.
    do {
      person = await this.#require(userId);
      if (isClosed(socket)) return this.#forgetIfEmpty(person);
    } while (this.#known.get(userId) !== person);
    person.sockets.add(socket);
    socket.data.settings = person.settings;
    this.directory.arrive(socket);
  }

  async #require(userId: string): Promise<Connected> {
    const reading = this.#people.get(userId) ?? this.#read(userId);
    this.#people.set(userId, reading);
    try {
      return await reading;
    } catch (error) {
      if (this.#people.get(userId) === reading) this.#people.delete(userId);
      throw error;
    }
  }

  async #read(userId: string): Promise<Connected> {
    const waiting: PersonalChange[] = [];
    this.#waiting.set(userId, waiting);
    try {
      const { rev, ...rest } = await this.repository.connectedPerson(userId);
      const person: Connected = { userId, sockets: new Set(), ...rest };
      this.#known.set(userId, person);
      for (const friendId of person.friends) this.#each((listener) => listener.friendAdded?.(person, friendId));
      for (const otherId of person.blocked) this.#addBlocker(otherId, userId);
      if (person.blocked.size > 0) this.#shared.set(userId, [...person.blocked]);
      for (const change of waiting) if (change.rev > rev) this.#apply(person, change);
      return person;
    } finally {
      this.#waiting.delete(userId);
    }
  }

  #leave(socket: AppSocket): void {
    const person = this.#known.get(socket.data.actor.userId);
    if (!person) return;
    person.sockets.delete(socket);
    this.#forgetIfEmpty(person);
  }

  #forgetIfEmpty(person: Connected): void {
    if (person.sockets.size > 0 || this.#known.get(person.userId) !== person) return;
    this.#known.delete(person.userId);
    this.#people.delete(person.userId);
    this.#shared.set(person.userId, undefined);
    this.#retainBlocks(person.userId, [...person.blocked]);
    this.#each((listener) => listener.left?.(person));
  }

  #changed(userId: string, change: FeedChange): void {
    this.#waiting.get(userId)?.push(change as PersonalChange);
    const person = this.#known.get(userId);
    if (person) this.#apply(person, change as PersonalChange);
  }

  #apply(person: Connected, change: PersonalChange): void {
    switch (change.kind) {
      case 'friend': {
        const { userId, state } = change.friend;
        if (state === 'friend' && !person.friends.has(userId)) {
          person.friends.add(userId);
          this.#each((listener) => listener.friendAdded?.(person, userId));
        } else if (state !== 'friend' && person.friends.delete(userId))
          this.#each((listener) => listener.friendRemoved?.(person, userId));
        return;
      }
      case 'block':
        this.#setBlock(person, change.block.userId, change.block.level === 'blocked');
        return;
      case 'settings': {
        const before = person.settings;
        person.settings = change.settings;
        for (const socket of person.sockets) socket.data.settings = change.settings;
        this.registry.seenChanged(person.sockets);
        this.directory.changed(person.userId);
        this.#each((listener) => listener.settingsChanged?.(person, before));
        return;
      }
      default:
      // Other kinds don't decide who receives facts.
    }
  }

  #setBlock(person: Connected, otherId: string, isBlocked: boolean): void {
    const wereApart = this.#areApart(person.userId, otherId);
    if (isBlocked) {
      person.blocked.add(otherId);
      this.#addBlocker(otherId, person.userId);
    } else {
      person.blocked.delete(otherId);
      this.#removeBlocker(otherId, person.userId);
    }
    this.#shared.set(person.userId, [...person.blocked]);
    // Neither user may learn of the first block by a second one.
    if (wereApart !== this.#areApart(person.userId, otherId))
      this.#each((listener) => listener.apartChanged?.(person, otherId));
  }

  /** Applies blocks of a user of another node. */
  #otherBlocksChanged({ key: blockerId, value, before = [] }: SectionChange<string[]>): void {
    if (value === undefined) return this.#retainBlocks(blockerId, before);
    for (const otherId of new Set([...before, ...value])) {
      const wereApart = this.#areApart(otherId, blockerId);
      if (value.includes(otherId)) this.#addBlocker(otherId, blockerId);
      else this.#removeBlocker(otherId, blockerId);
      if (wereApart === this.#areApart(otherId, blockerId)) continue;
      const [blocker, other] = [this.#known.get(blockerId), this.#known.get(otherId)];
      if (other) this.#each((listener) => listener.apartChanged?.(other, blockerId));
      else if (blocker) this.#each((listener) => listener.apartChanged?.(blocker, otherId));
    }
  }

  #areApart(oneId: string, otherId: string): boolean {
    return this.#blockers.get(oneId)?.has(otherId) === true || this.#blockers.get(otherId)?.has(oneId) === true;
  }

  /** Keeps the blocks of a user who has gone until their leave was emitted. The next departure removes expired ones. */
  #retainBlocks(blockerId: string, blocked: readonly string[]): void {
    const now = performance.now();
    for (const [userId, departed] of this.#departed) {
      if (departed.until > now) break;
      this.#departed.delete(userId);
      for (const otherId of departed.blocked) this.#removeBlocker(otherId, userId);
    }
    if (blocked.length === 0) return;
    const until = now + limits.presenceGraceMs + limits.statePublishMs + 2 * limits.presenceIntervalMs;
    this.#departed.delete(blockerId);
    this.#departed.set(blockerId, { blocked, until });
  }

  /** Returns true if a user has blocked another one, by their state on any node. */
  #isBlocking(blockerId: string, otherId: string): boolean {
    if (this.#known.get(blockerId)?.blocked.has(otherId)) return true;
    return this.#shared.others(blockerId).some((blocked) => blocked.includes(otherId));
  }

  #addBlocker(userId: string, blockerId: string): void {
    const blockers = this.#blockers.get(userId) ?? new Set();
    this.#blockers.set(userId, blockers.add(blockerId));
  }

  #removeBlocker(userId: string, blockerId: string): void {
    if (this.#isBlocking(blockerId, userId)) return;
    const blockers = this.#blockers.get(userId);
    blockers?.delete(blockerId);
    if (blockers?.size === 0) this.#blockers.delete(userId);
  }

  #each(call: (listener: ConnectedPeersListener) => void): void {
    for (const listener of this.#listeners) isolate(log, 'connected_peers.listener_failed', () => call(listener));
  }
}
