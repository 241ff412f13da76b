import { type FactPayload, type User, limits as wire } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AppSocket, eventLog, isolate, isSeen, limits, RealtimeServer } from '@cloudhop/api/platform';
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
}

interface Place {
  /** Visible users, with their visible sockets. */
  visible: Map<string, Set<AppSocket>>;
  /** All sockets, hidden or not: the place lasts as long as they do. */
  sockets: Set<AppSocket>;
  gathering: PresenceGathering;
  emittedAt: number;
  timer: NodeJS.Timeout | undefined;
  room: () => string[];
}

/**
 * Presence in conversations: connected, subscribed, and not hidden. A latest value, emitted at most once a second per
 * place; it has no rev and no row.
 */
@Injectable()
export class PresenceRegistry implements OnApplicationShutdown {
  readonly #places = new Map<string, Place>();
  readonly #whereabouts = new Map<AppSocket, Set<string>>();
  readonly #users = new Map<string, { user: User; sockets: Set<AppSocket> }>();

  #apartFrom: ApartFrom = nobodyApart;

  constructor(private readonly realtime: RealtimeServer) {}

  onApplicationShutdown(): void {
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
    const other = this.#users.get(otherId)?.user;
    if (!other) return;
    const apart = this.#apartFrom(viewerId) ?? nobody;
    const changes = apart.has(otherId) ? { joined: [], left: [other] } : { joined: [other], left: [] };
    for (const socket of this.#users.get(viewerId)?.sockets ?? [])
      for (const id of this.#whereabouts.get(socket) ?? []) {
        const place = this.#places.get(id)!;
        // A join that was not emitted yet is emitted later, to those who may see it.
        if (!place.gathering.isKnown(otherId, place.visible.has(otherId))) continue;
        const count = place.visible.size - sharedCount(place.visible, apart);
        this.realtime.emitTo([socket], 'presence:changed', toFact(id, count, changes, []));
      }
  }

  /** Adds a socket to a conversation; `rooms` returns the channels for its facts. */
  enter(socket: AppSocket, conversationId: string, rooms: () => string[]): void {
    const { userId } = socket.data.actor;
    const known = this.#users.get(userId) ?? { user: socket.data.user, sockets: new Set() };
    if (known.user.profileRev < socket.data.user.profileRev) known.user = socket.data.user;
    this.#users.set(userId, known);
    known.sockets.add(socket);
    const places = this.#whereabouts.get(socket) ?? new Set();
    this.#whereabouts.set(socket, places.add(conversationId));
    const place = this.#place(conversationId, rooms);
    place.sockets.add(socket);
    if (isSeen(socket)) this.#show(place, conversationId, socket);
  }

  /** Removes a socket from one conversation, or from all. */
  leave(socket: AppSocket, conversationId?: string): void {
    const places = this.#whereabouts.get(socket);
    for (const id of conversationId === undefined ? [...(places ?? [])] : [conversationId]) {
      const place = this.#places.get(id);
      if (places?.delete(id) !== true || place === undefined) continue;
      place.sockets.delete(socket);
      this.#hide(place, id, socket);
      this.#closeIfEmpty(place, id);
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
    const sockets = this.#users.get(socket.data.actor.userId)?.sockets ?? [socket];
    for (const each of sockets) each.data.isHidden = isHidden;
    this.seenChanged(sockets);
  }

  /** Updates presence after the visibility of these sockets has changed. */
  seenChanged(sockets: Iterable<AppSocket>): void {
    for (const socket of sockets)
      for (const id of this.#whereabouts.get(socket) ?? []) {
        const place = this.#places.get(id)!;
        if (isSeen(socket)) this.#show(place, id, socket);
        else this.#hide(place, id, socket);
      }
  }

  isHere(socket: AppSocket, conversationId: string): boolean {
    return this.#whereabouts.get(socket)?.has(conversationId) ?? false;
  }

  count(conversationId: string): number {
    return this.#places.get(conversationId)?.visible.size ?? 0;
  }

  /** Returns the ids of up to `limit` visible users. */
  ids(conversationId: string, limit: number): string[] {
    return [...(this.#places.get(conversationId)?.visible.keys() ?? [])].slice(0, limit);
  }

  /** Returns one page of the visible users without those in `apart`, by id, after `cursor` (a user's id). */
  list(conversationId: string, cursor: string | undefined, apart: ReadonlySet<string> = nobody): PresencePage {
    const here = [...(this.#places.get(conversationId)?.visible.keys() ?? [])];
    const ids = here.filter((id) => !apart.has(id)).sort();
    const from = cursor === undefined ? 0 : ids.findIndex((id) => id > cursor);
    const page = from === -1 ? [] : ids.slice(from, from + wire.presencePage);
    const hasMore = from !== -1 && from + page.length < ids.length;
    return {
      items: page.map((id) => this.#users.get(id)!.user),
      ...(hasMore && { nextCursor: page.at(-1)! }),
      count: ids.length,
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
    for (const id of places) this.#emit(id, this.#places.get(id)!, { joined: [], left: [] }, [user]);
  }

  #place(id: string, room: () => string[]): Place {
    let place = this.#places.get(id);
    if (place === undefined) {
      place = {
        visible: new Map(),
        sockets: new Set(),
        gathering: new PresenceGathering(),
        emittedAt: -Infinity,
        timer: undefined,
        room,
      };
      this.#places.set(id, place);
    }
    return place;
  }

  #show(place: Place, id: string, socket: AppSocket): void {
    const { userId } = socket.data.actor;
    const sockets = place.visible.get(userId);
    if (sockets !== undefined) {
      sockets.add(socket);
      return;
    }
    place.visible.set(userId, new Set([socket]));
    place.gathering.join(this.#users.get(userId)!.user);
    this.#arrange(place, id);
  }

  #hide(place: Place, id: string, socket: AppSocket): void {
    const { userId } = socket.data.actor;
    const sockets = place.visible.get(userId);
    if (sockets?.delete(socket) !== true || sockets.size > 0) return;
    place.visible.delete(userId);
    place.gathering.leave(this.#users.get(userId)!.user, performance.now(), limits.presenceGraceMs);
    this.#arrange(place, id);
  }

  /** Schedules one timer per place, only while something waits. */
  #arrange(place: Place, id: string): void {
    if (place.timer !== undefined) return;
    const nextAt = place.gathering.nextAt;
    if (nextAt === undefined) return;
    const now = performance.now();
    const at = Math.max(nextAt, place.emittedAt + limits.presenceIntervalMs, now);
    place.timer = setTimeout(() => {
      place.timer = undefined;
      const changes = place.gathering.take(performance.now());
      if (changes !== undefined) {
        place.emittedAt = performance.now();
        isolate(log, 'presence.tell_failed', () => this.#emit(id, place, changes));
      }
      this.#arrange(place, id);
      this.#closeIfEmpty(place, id);
    }, at - now);
  }

  /** Removes a place without sockets and without waiting changes. */
  #closeIfEmpty(place: Place, id: string): void {
    if (place.sockets.size === 0 && place.timer === undefined && place.gathering.nextAt === undefined)
      this.#places.delete(id);
  }

  #emit(id: string, place: Place, changes: PresenceChanges, users: User[] = []): void {
    const fact = toFact(id, place.visible.size, changes, users);
    const sockets = this.#apartFrom === nobodyApart ? [] : this.realtime.socketsIn(place.room());
    const named = new Set([...changes.joined, ...changes.left, ...users].map((user) => user.id));
    const isConcerned = (socket: AppSocket) => {
      const apart = this.#apartFrom(socket.data.actor.userId);
      return apart !== undefined && (sharedCount(named, apart) > 0 || sharedCount(place.visible, apart) > 0);
    };
    const concerned = new Set(sockets.filter(isConcerned));
    if (concerned.size === 0) return this.realtime.emit(place.room(), 'presence:changed', fact);
    const others = sockets.filter((socket) => !concerned.has(socket));
    this.realtime.emitTo(others, 'presence:changed', fact);
    for (const socket of concerned) this.#emitWithout(socket, id, place, changes, users);
  }

  /**
   * Emits to one socket, without the users whom a block keeps apart from its user. Emits nothing if only they have
   * changed.
   */
  #emitWithout(socket: AppSocket, id: string, place: Place, { joined, left }: PresenceChanges, users: User[]): void {
    const apart = this.#apartFrom(socket.data.actor.userId) ?? nobody;
    const seen = (all: readonly User[]) => all.filter((user) => !apart.has(user.id));
    const changes = { joined: seen(joined), left: seen(left) };
    if (changes.joined.length + changes.left.length + seen(users).length === 0) return;
    const count = place.visible.size - sharedCount(place.visible, apart);
    this.realtime.emitTo([socket], 'presence:changed', toFact(id, count, changes, seen(users)));
  }
}

/** Counts the keys that two collections share, in the time of the smaller one. */
function sharedCount(one: ReadonlyMap<string, unknown> | ReadonlySet<string>, other: ReadonlySet<string>): number {
  let count = 0;
  if (one.size < other.size) for (const key of one.keys()) count += Number(other.has(key));
  else for (const key of other) count += Number(one.has(key));
  return count;
}

function toFact(
  conversationId: string,
  count: number,
  changes: PresenceChanges,
  users: readonly User[],
): FactPayload<'presence:changed'> {
  const joined = changes.joined.slice(0, wire.presenceNames);
  const left = changes.left.slice(0, wire.presenceNames);
  return {
    conversationId,
    count,
    joined: joined.map((user) => user.id),
    left: left.map((user) => user.id),
    joinedCount: changes.joined.length,
    leftCount: changes.left.length,
    users: [...users, ...joined, ...left],
  };
}
