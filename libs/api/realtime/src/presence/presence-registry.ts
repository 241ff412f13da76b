import { type FactPayload, User, limits as wire } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AppSocket, eventLog, isolate, isSeen, limits, RealtimeServer } from '@cloudhop/api/platform';
import { NodeBus } from '../bus';
import { conversationFeed, FeedHub } from '../feeds';
import { ReplicatedState, type SectionChange, type StateSection } from '../nodes';
import { PresenceGathering, type PresenceChanges } from './presence-gathering';

const log = eventLog('presence');
const nobody: ReadonlySet<string> = new Set();
const nobodyApart: ApartFrom = () => undefined;

/** Returns the users whom a block keeps apart from a user, as far as this node knows; undefined if there are none. */
export type ApartFrom = (userId: string) => ReadonlySet<string> | undefined;

export interface PresencePage {
  items: User[];
  nextCursor?: string;
  count: number;
  isAtLeast?: true;
}

/** A user who is present and visible, once for all devices and nodes. */
interface Present {
  user: User;
  /** Visible sockets of this node. */
  sockets: Set<AppSocket>;
  /** Other nodes on which the user is present. */
  nodes: Set<string>;
}

interface Place {
  id: string;
  present: Map<string, Present>;
  /** All sockets of this node, hidden or not. */
  sockets: Set<AppSocket>;
  gathering: PresenceGathering;
  /** Users who vanished with an unreachable node. Their return is counted, not reported as a join. */
  vanished: Set<string>;
  /** Users who vanished or returned since the last fact. */
  recounted: Set<string>;
  /**
   * True if somebody received the count while joins or leaves waited. One that is cancelled is never emitted, so the count
   * is emitted again.
   */
  isCountTold: boolean;
  emittedAt: number;
  timer: NodeJS.Timeout | undefined;
  /** Time for which the timer is set. */
  timerAt: number;
}

/** Content of a fact beside the count. */
interface Changes extends PresenceChanges {
  users: User[];
  /** Users who change the count without being reported. */
  recounted?: ReadonlySet<string>;
}

const keyOf = (conversationId: string, userId: string): string => `${conversationId}/${userId}`;

/**
 * Presence in conversations: connected to any node, subscribed, and not hidden. A latest value, emitted at most once a
 * second per place; it has no rev and no row. Every node knows the presence in all conversations.
 */
@Injectable()
export class PresenceRegistry implements OnApplicationShutdown {
  readonly #places = new Map<string, Place>();
  readonly #whereabouts = new Map<AppSocket, Set<string>>();
  /** Users with sockets of this node in any place. */
  readonly #users = new Map<string, { user: User; sockets: Set<AppSocket> }>();
  readonly #shared: StateSection<User>;
  #vanishedTimer: NodeJS.Timeout | undefined;

  #apartFrom: ApartFrom = nobodyApart;

  constructor(
    private readonly realtime: RealtimeServer,
    private readonly feeds: FeedHub,
    private readonly bus: NodeBus,
    state: ReplicatedState,
  ) {
    this.#shared = state.section('places', User, (node, changes, gone) =>
      this.#othersChanged(node, changes, gone !== undefined),
    );
    bus.onStateChange(() => {
      for (const place of this.#places.values()) this.#emitCount(place);
    });
    bus.onGap(() => {
      clearTimeout(this.#vanishedTimer);
      this.#vanishedTimer = setTimeout(() => this.#forgetVanished(), limits.presenceHealMs);
    });
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#vanishedTimer);
    for (const place of this.#places.values()) clearTimeout(place.timer);
  }

  /** Sets the source of blocks. Two users whom a block keeps apart see each other as hidden. */
  keepApart(apartFrom: ApartFrom): void {
    this.#apartFrom = apartFrom;
  }

  /** Emits to two users that the other one left or joined, after a block between them began or ended. */
  apartChanged(oneId: string, otherId: string): void {
    this.#emitApartChange(oneId, otherId);
    this.#emitApartChange(otherId, oneId);
  }

  #emitApartChange(viewerId: string, otherId: string): void {
    const apart = this.#apartFrom(viewerId) ?? nobody;
    for (const socket of this.#users.get(viewerId)?.sockets ?? [])
      for (const id of this.#whereabouts.get(socket) ?? []) {
        const place = this.#places.get(id)!;
        const other = place.present.get(otherId)?.user ?? place.gathering.leavingUser(otherId);
        // A join that was not emitted yet is emitted later, to those who may see it.
        if (!other || !place.gathering.isKnown(otherId, place.present.has(otherId))) continue;
        const changes = apart.has(otherId) ? { joined: [], left: [other] } : { joined: [other], left: [] };
        const count = this.#counted(place) - sharedCount(place.present, apart);
        this.realtime.emitTo([socket], 'presence:changed', this.#toFact(id, count, { ...changes, users: [] }));
      }
  }

  /** Adds a socket to a conversation. */
  enter(socket: AppSocket, conversationId: string): void {
    const { userId } = socket.data.actor;
    const known = this.#users.get(userId) ?? { user: socket.data.user, sockets: new Set() };
    if (known.user.profileRev < socket.data.user.profileRev) known.user = socket.data.user;
    this.#users.set(userId, known);
    known.sockets.add(socket);
    const places = this.#whereabouts.get(socket) ?? new Set();
    this.#whereabouts.set(socket, places.add(conversationId));
    const place = this.#place(conversationId);
    place.sockets.add(socket);
    if (isSeen(socket)) this.#show(place, socket);
  }

  /** Removes a socket from one conversation, or from all. */
  leave(socket: AppSocket, conversationId?: string): void {
    const places = this.#whereabouts.get(socket);
    for (const id of conversationId === undefined ? [...(places ?? [])] : [conversationId]) {
      const place = this.#places.get(id);
      if (places?.delete(id) !== true || place === undefined) continue;
      place.sockets.delete(socket);
      this.#hide(place, socket);
      this.#closeIfEmpty(place);
    }
    if (places?.size === 0) {
      this.#whereabouts.delete(socket);
      const known = this.#users.get(socket.data.actor.userId);
      known?.sockets.delete(socket);
      if (known?.sockets.size === 0) this.#users.delete(socket.data.actor.userId);
    }
  }

  /** Hides all of the user's sockets of this node, or shows them again. */
  setHidden(socket: AppSocket, isHidden: boolean): void {
    socket.data.isHidden = isHidden;
    this.setUserHidden(socket.data.actor.userId, isHidden);
  }

  /** Hides the sockets of this node with which a user is present, or shows them again. */
  setUserHidden(userId: string, isHidden: boolean): void {
    const sockets = this.#users.get(userId)?.sockets ?? [];
    for (const each of sockets) each.data.isHidden = isHidden;
    this.seenChanged(sockets);
  }

  /** Updates presence after the visibility of these sockets has changed. */
  seenChanged(sockets: Iterable<AppSocket>): void {
    for (const socket of sockets)
      for (const id of this.#whereabouts.get(socket) ?? []) {
        const place = this.#places.get(id)!;
        if (isSeen(socket)) this.#show(place, socket);
        else this.#hide(place, socket);
      }
  }

  isHere(socket: AppSocket, conversationId: string): boolean {
    return this.#whereabouts.get(socket)?.has(conversationId) ?? false;
  }

  count(conversationId: string): number {
    const place = this.#places.get(conversationId);
    return place ? this.#counted(place) : 0;
  }

  /** Returns the ids of up to `limit` visible users. */
  ids(conversationId: string, limit: number): string[] {
    return [...(this.#places.get(conversationId)?.present.keys() ?? [])].slice(0, limit);
  }

  /** Returns one page of the visible users without those in `apart`, by id, after `cursor` (a user's id). */
  list(conversationId: string, cursor: string | undefined, apart: ReadonlySet<string> = nobody): PresencePage {
    const place = this.#places.get(conversationId);
    if (place) this.#counted(place);
    const present: ReadonlyMap<string, Present> = place?.present ?? new Map();
    const ids = [...present.keys()].filter((id) => !apart.has(id)).sort();
    const from = cursor === undefined ? 0 : ids.findIndex((id) => id > cursor);
    const page = from === -1 ? [] : ids.slice(from, from + wire.presencePage);
    const hasMore = from !== -1 && from + page.length < ids.length;
    return {
      items: page.map((id) => present.get(id)!.user),
      ...(hasMore && { nextCursor: page.at(-1)! }),
      count: ids.length,
      ...this.#atLeast,
    };
  }

  /** Updates a profile, and emits it wherever the user is present. */
  userChanged(user: User): void {
    const known = this.#users.get(user.id);
    if (known === undefined) return;
    known.user = user;
    const places = new Set<string>();
    for (const socket of known.sockets) {
      socket.data.user = user;
      // Hidden users are not emitted.
      if (isSeen(socket)) for (const id of this.#whereabouts.get(socket) ?? []) places.add(id);
    }
    for (const id of places) {
      const place = this.#places.get(id)!;
      const present = place.present.get(user.id);
      if (!present) continue;
      present.user = user;
      this.#shared.set(keyOf(id, user.id), user);
      this.#emit(place, { joined: [], left: [], users: [user] });
    }
  }

  get #atLeast(): { isAtLeast?: true } {
    return this.bus.state === 'interrupted' ? { isAtLeast: true } : {};
  }

  #place(id: string): Place {
    let place = this.#places.get(id);
    if (place === undefined) {
      place = {
        id,
        present: new Map(),
        sockets: new Set(),
        gathering: new PresenceGathering(),
        vanished: new Set(),
        recounted: new Set(),
        isCountTold: false,
        emittedAt: -Infinity,
        timer: undefined,
        timerAt: Infinity,
      };
      this.#places.set(id, place);
    }
    return place;
  }

  #show(place: Place, socket: AppSocket): void {
    const { user } = this.#users.get(socket.data.actor.userId)!;
    const present = this.#appear(place, user);
    if (present.user.profileRev < user.profileRev) present.user = user;
    if (present.sockets.size === 0) this.#shared.set(keyOf(place.id, user.id), user);
    present.sockets.add(socket);
  }

  #hide(place: Place, socket: AppSocket): void {
    const present = place.present.get(socket.data.actor.userId);
    if (present?.sockets.delete(socket) !== true || present.sockets.size > 0) return;
    this.#shared.set(keyOf(place.id, present.user.id), undefined);
    if (present.nodes.size === 0) this.#disappear(place, present.user, false);
  }

  /** Applies changes on another node, or its end. */
  #othersChanged(node: string, changes: readonly SectionChange<User>[], isGone: boolean): void {
    const isUnreachable = isGone && this.bus.state === 'interrupted';
    const renamed = new Map<Place, User[]>();
    for (const { key, value } of changes) {
      const [placeId = '', userId = ''] = key.split('/');
      if (value?.id === userId) {
        const place = this.#place(placeId);
        const isNew = !place.present.has(userId);
        const present = this.#appear(place, value);
        present.nodes.add(node);
        if (isNew || present.user.profileRev >= value.profileRev) continue;
        present.user = value;
        renamed.set(place, [...(renamed.get(place) ?? []), value]);
      } else if (value === undefined) {
        const place = this.#places.get(placeId);
        const present = place?.present.get(userId);
        if (!place || present?.nodes.delete(node) !== true) continue;
        if (present.nodes.size + present.sockets.size === 0) this.#disappear(place, present.user, isUnreachable);
        this.#closeIfEmpty(place);
      }
    }
    for (const [place, users] of renamed)
      for (let at = 0; at < users.length; at += wire.presencePage)
        isolate(log, 'presence.tell_failed', () =>
          this.#emit(place, { joined: [], left: [], users: users.slice(at, at + wire.presencePage) }),
        );
  }

  #appear(place: Place, user: User): Present {
    const known = place.present.get(user.id);
    if (known !== undefined) return known;
    const present = { user, sockets: new Set<AppSocket>(), nodes: new Set<string>() };
    if (!place.gathering.isWaiting) place.isCountTold = false;
    place.present.set(user.id, present);
    if (place.vanished.delete(user.id)) place.recounted.add(user.id);
    else if (this.#isFollowed(place) && place.gathering.join(user)) this.#recount(place, user);
    this.#arrange(place);
    return present;
  }

  #disappear(place: Place, user: User, isUnreachable: boolean): void {
    place.present.delete(user.id);
    if (!place.gathering.isWaiting) place.isCountTold = false;
    if (!this.#isFollowed(place)) place.gathering.vanish(user.id);
    else if (!isUnreachable) {
      if (place.gathering.leave(user, performance.now(), this.#graceMs)) this.#recount(place, user);
    } else if (place.gathering.vanish(user.id)) {
      place.vanished.add(user.id);
      place.recounted.add(user.id);
    } else this.#recount(place, user);
    this.#arrange(place);
  }

  /** Emits the count again if somebody received it with, or without, a user whose change is not emitted. */
  #recount(place: Place, user: User): void {
    if (place.isCountTold) place.recounted.add(user.id);
  }

  /** True if a socket of this node receives the facts of a place, or soon will. */
  #isFollowed({ id, sockets }: Place): boolean {
    return sockets.size > 0 || this.#rooms(id).length > 0;
  }

  #rooms(id: string): string[] {
    return this.feeds.rooms(conversationFeed(id));
  }

  /** Another node publishes somebody's return with a delay. */
  get #graceMs(): number {
    return limits.presenceGraceMs + (this.bus.state === 'single' ? 0 : limits.statePublishMs);
  }

  /** Forgets users who vanished: from now on a return is reported as a join. */
  #forgetVanished(): void {
    for (const place of this.#places.values()) {
      place.vanished.clear();
      this.#closeIfEmpty(place);
    }
  }

  /** Schedules one timer per place, only while something waits. */
  #arrange(place: Place): void {
    const nextAt = place.recounted.size > 0 ? 0 : place.gathering.nextAt;
    if (nextAt === undefined) return;
    const now = performance.now();
    const at = Math.max(nextAt, place.emittedAt + limits.presenceIntervalMs, now);
    // A join doesn't wait for a leave that is not due yet.
    if (place.timer !== undefined && place.timerAt <= at) return;
    clearTimeout(place.timer);
    place.timerAt = at;
    place.timer = setTimeout(() => {
      place.timer = undefined;
      const changes = place.gathering.take(performance.now());
      const recounted = new Set(place.recounted);
      place.recounted.clear();
      if (changes !== undefined || recounted.size > 0) {
        place.emittedAt = performance.now();
        isolate(log, 'presence.tell_failed', () =>
          this.#emit(place, { ...(changes ?? { joined: [], left: [] }), users: [], recounted }),
        );
      }
      this.#arrange(place);
      this.#closeIfEmpty(place);
    }, at - now);
  }

  /** Removes a place without users, sockets and waiting changes. */
  #closeIfEmpty(place: Place): void {
    const isEmpty = place.present.size + place.sockets.size + place.vanished.size === 0;
    if (isEmpty && place.timer === undefined && place.gathering.nextAt === undefined) this.#places.delete(place.id);
  }

  /** Emits the count to all subscribers. */
  #emitCount(place: Place): void {
    if (this.#rooms(place.id).length === 0) return;
    isolate(log, 'presence.tell_failed', () => this.#emit(place, { joined: [], left: [], users: [] }, true));
  }

  #emit(place: Place, changes: Changes, isForAll = false): void {
    const rooms = this.#rooms(place.id);
    const sockets = this.#apartFrom === nobodyApart ? [] : this.realtime.socketsIn(rooms);
    const named = new Set([
      ...[...changes.joined, ...changes.left, ...changes.users].map((user) => user.id),
      ...(changes.recounted ?? []),
    ]);
    const isConcerned = (socket: AppSocket) => {
      const apart = this.#apartFrom(socket.data.actor.userId);
      return apart !== undefined && (sharedCount(named, apart) > 0 || sharedCount(place.present, apart) > 0);
    };
    const concerned = new Set(sockets.filter(isConcerned));
    const fact = this.#toFact(place.id, this.#counted(place), changes);
    if (concerned.size === 0) return this.realtime.emit(rooms, 'presence:changed', fact);
    const others = sockets.filter((socket) => !concerned.has(socket));
    this.realtime.emitTo(others, 'presence:changed', fact);
    for (const socket of concerned) this.#emitWithout(socket, place, changes, isForAll);
  }

  /**
   * Emits to one socket, without the users whom a block keeps apart from its user. Emits nothing if only they have
   * changed.
   */
  #emitWithout(socket: AppSocket, place: Place, changes: Changes, isForAll: boolean): void {
    const apart = this.#apartFrom(socket.data.actor.userId) ?? nobody;
    const seen = (all: readonly User[]) => all.filter((user) => !apart.has(user.id));
    const own = { joined: seen(changes.joined), left: seen(changes.left), users: seen(changes.users) };
    const isRecounted = [...(changes.recounted ?? [])].some((userId) => !apart.has(userId));
    const isEmpty = own.joined.length + own.left.length + own.users.length === 0;
    if (isEmpty && !isRecounted && !isForAll) return;
    const count = place.present.size - sharedCount(place.present, apart);
    this.realtime.emitTo([socket], 'presence:changed', this.#toFact(place.id, count, own));
  }

  /** Returns the number of users for somebody outside of this class. */
  #counted(place: Place): number {
    if (place.gathering.isWaiting) place.isCountTold = true;
    return place.present.size;
  }

  #toFact(conversationId: string, count: number, changes: Changes): FactPayload<'presence:changed'> {
    const joined = changes.joined.slice(0, wire.presenceNames);
    const left = changes.left.slice(0, wire.presenceNames);
    return {
      conversationId,
      count,
      joined: joined.map((user) => user.id),
      left: left.map((user) => user.id),
      joinedCount: changes.joined.length,
      leftCount: changes.left.length,
      users: [...changes.users, ...joined, ...left],
      ...this.#atLeast,
    };
  }
}

/** Counts the keys that two collections share, in the time of the smaller one. */
function sharedCount(one: ReadonlyMap<string, unknown> | ReadonlySet<string>, other: ReadonlySet<string>): number {
  let count = 0;
  if (one.size < other.size) for (const key of one.keys()) count += Number(other.has(key));
  else for (const key of other) count += Number(one.has(key));
  return count;
}
