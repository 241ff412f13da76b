import { Injectable } from '@nestjs/common';
import type { SessionEnd } from './session.entity';

const remembered = 10_000;

/**
 * Cache of sessions that have ended. It only refuses early: the database decides whether a session is live, so the list
 * may be incomplete.
 */
@Injectable()
export class EndedSessions {
  readonly #reasons = new Map<string, SessionEnd | undefined>();

  has(sessionId: string): boolean {
    return this.#reasons.has(sessionId);
  }

  /** Returns the reason, undefined if another node ended the session. */
  reasonOf(sessionId: string): SessionEnd | undefined {
    return this.#reasons.get(sessionId);
  }

  /** Adds a session, and evicts the oldest above the limit. */
  add(sessionId: string, reason?: SessionEnd): void {
    this.#reasons.set(sessionId, reason ?? this.#reasons.get(sessionId));
    if (this.#reasons.size <= remembered) return;
    const [oldest] = this.#reasons.keys();
    if (oldest !== undefined) this.#reasons.delete(oldest);
  }
}
