import { createHmac, randomBytes } from 'node:crypto';
import type { Session, SessionInfo } from '@cloudhop/contracts';
import {
  type Actor,
  addressKey,
  DomainError,
  eventLog,
  isOwnAddress,
  limits,
  SECRETS,
  type Secrets,
} from '@cloudhop/api/platform';
import { FeedHub, personalFeed } from '@cloudhop/api/realtime';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { AccessTokensService } from './access-tokens.service';
import { decideRefresh } from './refresh-rule';
import { readRefreshToken, type RefreshToken, writeRefreshToken } from './refresh-tokens';
import { SessionCutsService } from './session-cuts.service';
import type { SessionEnd } from './session.entity';
import { SessionsRepository } from './sessions.repository';
import { boundedTime } from '@cloudhop/api/database';
import { toUser, type UserRow } from './user-mapping';
import { requireFreeName, UsersService } from './users.service';

/** Session of a device, with the refresh token for its cookie or, without cookies, for its memory. */
export interface Grant {
  session: Session;
  sessionId: string;
  refreshToken: string;
  /** Lifetime of the refresh token without use. */
  maxAgeMs: number;
  /** True if a guest was created for the session. */
  isNew: boolean;
}

/** Draws of a tag, of 16.7 million. With half of the tags taken, ten draws fail once in a thousand times. */
const tagDraws = 20;
/** Maximum number of rounds lost to other requests with the same cookie. One request wins each round. */
const refreshRounds = 10;

const log = eventLog('sessions');

/** Signed-in devices: begins, refreshes and ends sessions. */
@Injectable()
export class SessionsService {
  constructor(
    @Inject(SECRETS) private readonly secrets: Secrets,
    private readonly sessions: SessionsRepository,
    private readonly accessTokens: AccessTokensService,
    private readonly users: UsersService,
    private readonly cuts: SessionCutsService,
    private readonly feeds: FeedHub,
  ) {}

  /**
   * Returns the guest of one of the refresh tokens, else creates one. Sets the name if there is one. Throws invalid_text
   * for a reserved name.
   */
  async enter(
    refreshTokens: readonly string[],
    displayName: string | undefined,
    device: { label: string; address: string } = { label: '', address: '' },
  ): Promise<Grant> {
    if (displayName !== undefined) requireFreeName(displayName);
    const token = this.#read(refreshTokens);
    const known = token && (await this.#present(token, device.address));
    if (!known) return this.#createGuest(displayName, device);
    if (displayName === undefined) return known;
    const user = await this.users.changeProfile({ userId: known.session.user.id }, { displayName });
    return { ...known, session: { ...known.session, user } };
  }

  /**
   * Returns the next refresh token. Throws unauthenticated without a genuine one, session_ended for an ended session, with
   * the field `session` if it was replaced.
   */
  async refresh(refreshTokens: readonly string[], address = ''): Promise<Grant> {
    const token = this.#read(refreshTokens);
    if (!token) throw new DomainError('unauthenticated');
    const grant = await this.#present(token, address);
    if (grant) return grant;
    const session = await this.sessions.findRefreshable(token.sessionId);
    // The page then keeps its stored data: the user has registered, and can log in.
    throw new DomainError('session_ended', session?.replacedBy ? { fields: { session: 'replaced' } } : {});
  }

  /** Returns the user and the session of a genuine refresh token whose session is live; undefined if there is none. */
  async findByToken(refreshTokens: readonly string[]): Promise<{ userId: string; sessionId: string } | undefined> {
    const token = this.#read(refreshTokens);
    const session = token && (await this.sessions.findRefreshable(token.sessionId));
    if (!session?.isLive) return undefined;
    return { userId: session.id, sessionId: session.replacedBy ?? token!.sessionId };
  }

  /**
   * Begins a session, and ends that of the refresh tokens. Returns undefined if the password has changed since `found`.
   */
  async begin(
    found: { id: string; passwordHash: string | null },
    label: string,
    refreshTokens: readonly string[],
  ): Promise<Grant | undefined> {
    const sessionId = uuidV7();
    const { id: userId, passwordHash } = found;
    const begun = await this.sessions.begin({
      sessionId,
      userId,
      passwordHash,
      label,
      sessionMs: limits.memberSessionMs,
    });
    if (!begun) return undefined;
    this.publishState(userId, begun.rev, sessionId, 'active');
    await this.logOut(refreshTokens);
    const user = await this.sessions.find(sessionId, userId);
    return user && this.#grant(user, { sessionId, n: 1 }, false);
  }

  /** Returns a new access token and the family's current refresh token. Throws session_ended. */
  async resume({ userId, sessionId }: { userId: string; sessionId: string }): Promise<Grant> {
    const session = await this.sessions.findRefreshable(sessionId);
    if (!session?.isLive || session.id !== userId) throw new DomainError('session_ended');
    return this.#grant(session, { sessionId, n: session.presented + 1 }, false);
  }

  /** Returns a user's signed-in devices, the latest used first. */
  async list(actor: Actor): Promise<SessionInfo[]> {
    const rows = await this.sessions.list(actor.userId, limits.sessionsListed);
    return rows.map((row) => ({
      id: row.id,
      label: row.label,
      createdAt: boundedTime(row.created_at),
      lastUsedAt: boundedTime(row.last_used_at),
      isCurrent: row.id === actor.sessionId,
    }));
  }

  /** Ends a session of the actor. Throws not_found for anybody else's. */
  async endOwn(actor: Actor, sessionId: string): Promise<void> {
    const session = await this.sessions.find(sessionId, actor.userId);
    if (!session?.isLive) throw new DomainError('not_found');
    await this.end(sessionId, 'revoked');
  }

  /** Ends all sessions of a user. */
  async endAll(userId: string, reason: SessionEnd): Promise<void> {
    for (;;) {
      const rows = await this.sessions.list(userId, limits.sessionsListed);
      await Promise.all(rows.map(({ id }) => this.end(id, reason)));
      if (rows.length < limits.sessionsListed) return;
    }
  }

  /** Ends the session of a refresh token of any age. Does nothing without a token. */
  async logOut(refreshTokens: readonly string[]): Promise<void> {
    const token = this.#read(refreshTokens);
    if (!token) return;
    const session = await this.sessions.findRefreshable(token.sessionId);
    await this.end(token.sessionId, 'logged_out');
    // The device has the successor's cookie only if the answer that set it arrived.
    if (session?.isLive && session.replacedBy !== null) await this.end(session.replacedBy, 'logged_out');
  }

  /** Ends a session, and cuts its sockets on every node. Idempotent. */
  async end(sessionId: string, reason: SessionEnd): Promise<void> {
    const ended = await this.sessions.end(sessionId, reason);
    if (!ended) return;
    this.cuts.end([sessionId], reason);
    const { userId, rev } = ended;
    this.publishState(userId, rev, sessionId, 'ended');
    log.info('session_ended', { sessionId, userId, reason });
  }

  /** Publishes in the user's feed that a session has begun or ended. */
  publishState(userId: string, rev: number, sessionId: string, state: 'active' | 'ended'): void {
    this.feeds.publish({
      feed: personalFeed(userId),
      fromRev: rev - 1,
      toRev: rev,
      changes: [{ kind: 'session', rev, sessionId, state }],
      users: [],
    });
  }

  /** Returns the first genuine token: a neighbouring site may have set cookies of the same name. */
  #read(refreshTokens: readonly string[]): RefreshToken | undefined {
    for (const text of refreshTokens) {
      const token = readRefreshToken([this.secrets.refreshKey], text);
      if (token) return token;
    }
    return undefined;
  }

  /** Returns the next grant; undefined if the family has ended, or ends by this reuse. */
  async #present({ sessionId, n }: RefreshToken, address: string): Promise<Grant | undefined> {
    for (let round = 0; round < refreshRounds; round++) {
      const session = await this.sessions.findRefreshable(sessionId);
      if (!session?.isLive) return undefined;
      const decision = decideRefresh(session, n, session.now, {
        overlapMs: limits.refreshOverlapMs,
        uses: limits.refreshUses,
      });
      if (decision.kind === 'reuse') {
        // A replaced family ends without this: some of its tabs may not have refreshed yet.
        if (session.replacedBy === null) await this.end(sessionId, 'reused');
        return undefined;
      }
      // The first token of the successor: the device may not have received it.
      if (session.replacedBy !== null) return this.#grant(session, { sessionId: session.replacedBy, n: 1 }, false);
      const isStored =
        decision.kind === 'repeat' ||
        (await this.sessions.advance(sessionId, session.presented, decision.state, slideMs(session)));
      if (!isStored) continue;
      // The first token of a successor ends the overlap of the session that it replaced.
      if (session.presented === 0) this.cuts.endReplaced(await this.sessions.replacedBy(session.id, sessionId));
      await this.sessions.see(session.id, limits.lastSeenIntervalMs, this.#addressKey(address));
      return this.#grant(session, { sessionId, n: decision.answer }, false);
    }
    throw new DomainError('overloaded', { retryAfterMs: 1_000 });
  }

  async #createGuest(
    displayName: string | undefined,
    { label, address }: { label: string; address: string },
  ): Promise<Grant> {
    for (let draw = 0; draw < tagDraws; draw++) {
      const sessionId = uuidV7();
      const user = await this.sessions.createGuest({
        userId: uuidV7(),
        sessionId,
        tag: randomBytes(3).toString('hex'),
        displayName,
        label,
        addressKey: this.#addressKey(address),
        sessionMs: limits.guestSessionMs,
      });
      if (user) return this.#grant(user, { sessionId, n: 1 }, true);
    }
    throw new DomainError('overloaded', { retryAfterMs: 60_000 });
  }

  /**
   * Returns a keyed hash of an address. Returns undefined for an unknown, loopback, private or carrier-grade address:
   * unrelated people share it, so a block or a ban of one must not reach the others.
   */
  #addressKey(address: string): string | undefined {
    if (!isOwnAddress(address)) return undefined;
    const key = createHmac('sha256', this.secrets.refreshKey).update(`address ${addressKey(address)}`);
    return key.digest('base64url').slice(0, 22);
  }

  async #grant(user: UserRow, next: RefreshToken, isNew: boolean): Promise<Grant> {
    return {
      session: { user: toUser(user), ...(await this.accessTokens.sign(user.id, next.sessionId)) },
      sessionId: next.sessionId,
      refreshToken: writeRefreshToken(this.secrets.refreshKey, next),
      maxAgeMs: slideMs(user),
      isNew,
    };
  }
}

/** Returns the lifetime of an unused session. */
function slideMs(user: Pick<UserRow, 'kind'>): number {
  return user.kind === 'guest' ? limits.guestSessionMs : limits.memberSessionMs;
}
