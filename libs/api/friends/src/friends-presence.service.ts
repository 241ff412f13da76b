import { type AppSocket, RealtimeServer, channels, eventLog } from '@cloudhop/api/platform';
import { PresenceDirectory, type StatusChange } from '@cloudhop/api/realtime';
import type { FriendPresence, User } from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConnectedPeers, type Connected } from './connected-peers.service';
import { LastSeenService, rounded } from './last-seen.service';

const log = eventLog('friends-presence');

/**
 * Presence of friends, emitted to the users of this node: all friends once, then changes, in one fact per user and
 * round of the directory. The cost depends on the number of changes, never on friends times devices.
 */
@Injectable()
export class FriendsPresenceService implements OnModuleInit {
  /** Friends of each user who are connected to this node. */
  readonly #watchers = new Map<string, Set<string>>();

  constructor(
    private readonly peers: ConnectedPeers,
    private readonly directory: PresenceDirectory,
    private readonly realtime: RealtimeServer,
    private readonly lastSeen: LastSeenService,
  ) {}

  onModuleInit(): void {
    this.peers.listen({
      friendAdded: (person, friendId) => {
        this.#watch(person.userId, friendId);
        if (person.sockets.size > 0) this.#sendFriends(person, [friendId]);
      },
      friendRemoved: (person, friendId) => this.#unwatch(person.userId, friendId),
      settingsChanged: (person, before) => {
        if (person.settings.showsLastSeen !== before.showsLastSeen) this.#sendFriends(person, [...person.friends]);
      },
      left: (person) => {
        for (const friendId of person.friends) this.#unwatch(person.userId, friendId);
      },
    });
    this.directory.onChange((changes) => this.#changed(changes));
    this.directory.onUserChange((user) => this.#profileChanged(user));
    this.realtime.onConnect((socket) => void this.#sendAllFriends(socket));
  }

  #watch(userId: string, friendId: string): void {
    const watchers = this.#watchers.get(friendId) ?? new Set();
    this.#watchers.set(friendId, watchers.add(userId));
  }

  #unwatch(userId: string, friendId: string): void {
    const watchers = this.#watchers.get(friendId);
    watchers?.delete(userId);
    if (watchers?.size === 0) this.#watchers.delete(friendId);
  }

  #changed(changes: readonly StatusChange[]): void {
    const now = rounded(Date.now());
    const online: FriendPresence[] = [];
    const offline: string[] = [];
    for (const { userId, status, isOurs } of changes) {
      if (status !== 'offline') online.push({ userId, status });
      else if (this.#watchers.has(userId)) offline.push(userId);
      // Only the user's own node writes last seen; an expired lease of a crashed node is no observation.
      if (status === 'offline' && isOurs) this.lastSeen.recordSeen(userId);
    }
    this.#sendToWatchers(online);
    if (offline.length > 0)
      this.#sendOffline(offline, now).catch((error: unknown) => log.error('friends_presence.failed', error));
  }

  /** Emits to watchers who went offline, with last seen of those who show it by their current settings. */
  async #sendOffline(userIds: readonly string[], lastSeenAt: string): Promise<void> {
    const showing = await this.lastSeen.shownBy(userIds);
    // The status of users who are back was emitted meanwhile.
    const offline = userIds.filter((userId) => this.directory.statusOf(userId) === 'offline');
    this.#sendToWatchers(
      offline.map((userId) => ({ userId, status: 'offline', ...(showing.has(userId) && { lastSeenAt }) })),
    );
  }

  /** Emits one fact to each watcher, with last seen only if the watcher shows their own. */
  #sendToWatchers(presences: readonly FriendPresence[]): void {
    const byWatcher = new Map<string, FriendPresence[]>();
    for (const { lastSeenAt, ...presence } of presences)
      for (const watcherId of this.#watchers.get(presence.userId) ?? []) {
        const isShown = lastSeenAt !== undefined && this.peers.find(watcherId)?.settings.showsLastSeen === true;
        const own = byWatcher.get(watcherId) ?? [];
        byWatcher.set(watcherId, own);
        own.push({ ...presence, ...(isShown && { lastSeenAt }) });
      }
    for (const [watcherId, friends] of byWatcher)
      this.realtime.emit(channels.user(watcherId), 'status:changed', { friends, users: [] });
  }

  /** Emits a changed profile to friends, wherever they are. Members of a conversation receive it by its presence. */
  #profileChanged(user: User): void {
    for (const watcherId of this.#watchers.get(user.id) ?? [])
      this.realtime.emit(channels.user(watcherId), 'status:changed', { friends: [], users: [user] });
  }

  /** Sends the presence of all friends to a device that has just connected. */
  async #sendAllFriends(socket: AppSocket): Promise<void> {
    const person = this.peers.find(socket.data.actor.userId);
    if (!person) return;
    try {
      const friends = await this.#presencesOf(person, [...person.friends]);
      this.realtime.emitTo([socket], 'status:changed', { friends, isAll: true, users: [] });
    } catch (error) {
      log.error('friends_presence.failed', error);
    }
  }

  #sendFriends(person: Connected, friendIds: readonly string[]): void {
    this.#presencesOf(person, friendIds)
      .then((friends) => this.realtime.emit(channels.user(person.userId), 'status:changed', { friends, users: [] }))
      .catch((error: unknown) => log.error('friends_presence.failed', error));
  }

  async #presencesOf(person: Connected, friendIds: readonly string[]): Promise<FriendPresence[]> {
    const away = friendIds.filter((id) => this.directory.statusOf(id) === 'offline');
    const seen = person.settings.showsLastSeen ? await this.lastSeen.of(away) : new Map<string, string>();
    return friendIds.map((userId) => {
      // The current status: changes during the read are emitted by the directory after this.
      const status = this.directory.statusOf(userId);
      const lastSeenAt = status === 'offline' ? seen.get(userId) : undefined;
      return { userId, status, ...(lastSeenAt !== undefined && { lastSeenAt }) };
    });
  }
}
