import { setTimeout as wait } from 'node:timers/promises';
import { type AppSocket, channels, eventLog, limits, RealtimeServer } from '@cloudhop/api/platform';
import { NodeBus } from '@cloudhop/api/realtime';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EndedSessions } from './ended-sessions';
import type { PersonalFeedRow } from '@cloudhop/api/personal-feed';
import type { SessionEnd } from './session.entity';
import { SessionsRepository } from './sessions.repository';

/** Ephemeral message to the other nodes. */
interface EndsMessage {
  ends: [sessionId: string, reason: SessionEnd][];
  /** Sessions that were replaced for good. Nodes of the release before leave it out. */
  replaced?: string[];
}

const channel = 'sessions';
/** Longest time to look up why a session ended; its sockets get nothing meanwhile. */
const reasonTimeoutMs = 500;
/** Time for a tab that has just presented the successor's token to move its socket; below the second of I6. */
const socketMoveMs = 800;

const log = eventLog('session_cuts');

/**
 * Cuts the sockets of ended sessions: on this node at once, on the others by a message, and by a comparison with Postgres
 * where that message was lost. Works without the feeds: a stuck one must not keep a revoked device connected.
 */
@Injectable()
export class SessionCutsService implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly ended: EndedSessions,
    private readonly sessions: SessionsRepository,
    private readonly realtime: RealtimeServer,
    private readonly bus: NodeBus,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // A session that ended during the handshake is cut as soon as its socket can receive a fact.
    this.realtime.onConnect((socket) => {
      const { sessionId } = socket.data.actor;
      if (this.ended.has(sessionId)) this.#cut(sessionId);
    });
    this.#unsubscribe = await this.bus.subscribeEphemeral(channel, (message) => {
      const { ends, replaced = [] } = message as EndsMessage;
      for (const [sessionId, reason] of ends) this.#cut(sessionId, reason);
      void this.#closeReplaced(replaced);
    });
    this.#timer = setInterval(
      () => void this.check().catch((error: unknown) => log.error('session_cuts.check_failed', error)),
      limits.sessionCheckIntervalMs,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
  }

  /** Cuts the sockets of sessions that have just ended, on every node. */
  end(sessionIds: readonly string[], reason: SessionEnd): void {
    if (sessionIds.length === 0) return;
    for (const sessionId of sessionIds) this.#cut(sessionId, reason);
    this.bus.publishEphemeral(channel, { ends: sessionIds.map((id) => [id, reason]) } satisfies EndsMessage);
  }

  /** Cuts the sockets of the sessions that a database function has ended, on every node. */
  endWritten(rows: readonly PersonalFeedRow[], reason: SessionEnd): void {
    const ended = rows.filter(({ kind }) => kind === 'session').map(({ data }) => (data as { id: string }).id);
    this.end(ended, reason);
  }

  /**
   * Closes the sockets of sessions that were replaced for good, on every node, unless they move to the successor in
   * time.
   */
  endReplaced(sessionIds: readonly string[]): void {
    if (sessionIds.length === 0) return;
    void this.#closeReplaced(sessionIds);
    this.bus.publishEphemeral(channel, { ends: [], replaced: [...sessionIds] } satisfies EndsMessage);
  }

  /** Cuts the sockets on this node of a session that another node ended, for a reason that this node looks up. */
  endedElsewhere(sessionId: string): void {
    this.#cut(sessionId);
  }

  /** Compares the sessions that have sockets here with Postgres, and cuts those that have ended. Runs every two seconds. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      const here = [...new Set(this.realtime.sockets().map(({ data }) => data.actor.sessionId))];
      for (let at = 0; at < here.length; at += limits.headCheckChunk)
        for (const { id, reason } of await this.sessions.endedAmong(
          here.slice(at, at + limits.headCheckChunk),
          socketMoveMs,
        ))
          if (reason === 'replaced') this.#close(id);
          else this.#cut(id, reason);
    } finally {
      this.#isChecking = false;
    }
  }

  /** Stops delivery, then sends the reason and disconnects the sockets. */
  #cut(sessionId: string, reason?: SessionEnd): void {
    this.ended.add(sessionId, reason);
    const sockets = this.#silence(sessionId);
    if (sockets.length === 0) return;
    const known = this.ended.reasonOf(sessionId);
    if (known) disconnect(sockets, sessionId, known);
    else void this.#findReason(sessionId).then((found) => disconnect(sockets, sessionId, found));
  }

  async #closeReplaced(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    await wait(socketMoveMs, undefined, { ref: false });
    for (const sessionId of sessionIds) this.#close(sessionId);
  }

  /** Closes sockets without a reason: the device reconnects with the successor, and keeps what it stored. */
  #close(sessionId: string): void {
    for (const socket of this.#silence(sessionId)) socket.disconnect(true);
  }

  /** Stops delivery to the sockets of a session. */
  #silence(sessionId: string): AppSocket[] {
    const sockets = this.realtime.sockets(channels.session(sessionId));
    for (const socket of sockets) for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
    return sockets;
  }

  async #findReason(sessionId: string): Promise<SessionEnd> {
    try {
      const late = wait(reasonTimeoutMs, undefined, { ref: false });
      return (await Promise.race([this.sessions.findEndReason(sessionId), late])) ?? 'revoked';
    } catch (error) {
      log.error('end_reason_unknown', error, { sessionId });
      return 'revoked';
    }
  }
}

function disconnect(sockets: readonly AppSocket[], sessionId: string, reason: SessionEnd): void {
  for (const socket of sockets) {
    try {
      socket.emit('session:revoked', { sessionId, reason });
      socket.disconnect(true);
    } catch (error) {
      log.error('session_cuts.cut_failed', error, { socketId: socket.id });
    }
  }
}
