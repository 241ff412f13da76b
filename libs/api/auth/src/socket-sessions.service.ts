import type { RequestPayload, RequestReply, User } from '@cloudhop/contracts';
import { type Actor, type AppSocket, channels, DomainError } from '@cloudhop/api/platform';
import { type FeedChange, FeedHub, personalFeed, PresenceDirectory, PresenceRegistry } from '@cloudhop/api/realtime';
import { Injectable } from '@nestjs/common';
import * as z from 'zod';
import { AccessTokensService } from './access-tokens.service';
import { SessionCutsService } from './session-cuts.service';
import { SessionsRepository } from './sessions.repository';

/** Fields of a socket's handshake. Others are ignored. */
const HandshakeAuth = z.object({
  token: z.string().max(4_096),
  hidden: z.boolean().optional().catch(undefined),
  idle: z.boolean().optional().catch(undefined),
});

/** Sockets of this node and their sessions. */
@Injectable()
export class SocketSessionsService {
  constructor(
    private readonly accessTokens: AccessTokensService,
    private readonly sessions: SessionsRepository,
    private readonly cuts: SessionCutsService,
    private readonly feeds: FeedHub,
    private readonly presence: PresenceRegistry,
    private readonly directory: PresenceDirectory,
  ) {
    directory.onHidden((userId, isHidden) => {
      presence.setUserHidden(userId, isHidden);
      directory.changed(userId);
    });
  }

  /** Verifies the token of a new socket. Throws unauthenticated or token_expired. */
  async authenticate(socket: AppSocket): Promise<void> {
    const auth = HandshakeAuth.safeParse(socket.handshake.auth);
    if (!auth.success) throw new DomainError('unauthenticated');
    const { userId, sessionId, expiresAt } = await this.accessTokens.read(auth.data.token);
    Object.assign(socket.data, {
      actor: { userId, sessionId, requestId: socket.id },
      tokenExpiresAt: expiresAt,
      isHidden: auth.data.hidden ?? false,
      isIdle: auth.data.idle ?? false,
    });
  }

  /**
   * Subscribes to the user's personal feed, then checks that the session is live: whoever ends the session either finds
   * the socket among the subscribers, or is seen by the check. Nothing is emitted to a socket before it is connected.
   * Throws session_ended, token_expired.
   */
  async subscribe(socket: AppSocket): Promise<void> {
    const { userId, sessionId } = socket.data.actor;
    await this.#subscribePersonal(socket, userId);
    try {
      const bearer = { userId, sessionId, expiresAt: socket.data.tokenExpiresAt };
      const { user, isReplaced } = await this.accessTokens.authorise(bearer);
      // The device refreshes, and comes back with the successor.
      if (isReplaced) throw new DomainError('token_expired');
      const received: User | undefined = socket.data.user;
      // A profile from the feed is newer than the one that was read.
      if (received === undefined || received.profileRev < user.profileRev) socket.data.user = user;
      this.feeds.activate(socket, personalFeed(userId));
    } catch (error) {
      this.feeds.unsubscribe(socket, personalFeed(userId));
      throw error;
    }
  }

  /**
   * Extends a socket by a newer token of its session or of its session's successor. Throws forbidden for the token of any
   * other session.
   */
  async renew(actor: Actor, token: string, socket: AppSocket): Promise<RequestReply<'session:renew'>> {
    const { userId, sessionId, expiresAt } = await this.accessTokens.read(token);
    const isSame = sessionId === actor.sessionId;
    if (userId !== actor.userId || !(isSame || (await this.sessions.isReplaced(actor.sessionId, sessionId, userId))))
      throw new DomainError('forbidden');
    // Moves before the check: a session that ends from here on finds the socket.
    if (!isSame) await move(socket, sessionId);
    try {
      await this.accessTokens.authorise({ userId, sessionId, expiresAt });
    } catch (error) {
      if (!isSame) socket.disconnect(true);
      throw error;
    }
    socket.data.tokenExpiresAt = Math.max(socket.data.tokenExpiresAt, expiresAt);
    return { expiresAt: new Date(socket.data.tokenExpiresAt).toISOString() };
  }

  /** Hides the actor from lists of presence, or shows them again, and stores whether the device is idle. */
  setPresence(socket: AppSocket, { hidden, idle, offScreen }: RequestPayload<'presence:set'>): Record<string, never> {
    if (hidden !== undefined && hidden !== socket.data.isHidden) {
      this.presence.setHidden(socket, hidden);
      this.directory.hideElsewhere(socket.data.actor.userId, hidden);
    }
    if (idle !== undefined) socket.data.isIdle = idle;
    this.directory.changed(socket.data.actor.userId);
    if (offScreen !== undefined) this.presence.leave(socket, offScreen);
    return {};
  }

  /** Runs before a personal change is emitted to the user's sockets of this node. */
  personalChanged(change: FeedChange, sockets: readonly AppSocket[]): void {
    if (change.kind === 'user') {
      for (const socket of sockets) socket.data.user = change.user;
      this.presence.userChanged(change.user);
    }
    if (change.kind === 'session' && change.state === 'ended') this.cuts.endedElsewhere(change.sessionId);
  }

  async #subscribePersonal(socket: AppSocket, userId: string): Promise<void> {
    try {
      await this.feeds.subscribe(socket, personalFeed(userId));
    } catch (error) {
      // The user of a genuine token is missing after the database was restored to an earlier time.
      if (error instanceof DomainError && error.code === 'not_found') throw new DomainError('session_ended');
      throw error;
    }
  }
}

/** Moves a socket to another session of the same user. */
async function move(socket: AppSocket, sessionId: string): Promise<void> {
  const { actor } = socket.data;
  socket.data.actor = { ...actor, sessionId };
  await socket.join(channels.session(sessionId));
  await socket.leave(channels.session(actor.sessionId));
}
