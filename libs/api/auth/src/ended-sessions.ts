import { Injectable } from '@nestjs/common';
import type { SessionEnd } from './session.entity';

const remembered = 10_000;

/**
 * Sessions that this node knows to have ended. It may refuse early; that a session lives is only ever said by the
 * database, so the list may be short.
 */
@Injectable()
export class EndedSessions {
  readonly #reasons = new Map<string, SessionEnd | undefined>();

  has(sessionId: string): boolean {
    return this.#reasons.has(sessionId);
  }

  /** Why it ended; absent when another node ended it. */
  reasonOf(sessionId: string): SessionEnd | undefined {
    return this.#reasons.get(sessionId);
  }

  /** Forgets the oldest when there are too many. */
  add(sessionId: string, reason?: SessionEnd): void {
    this.#reasons.set(sessionId, reason ?? this.#reasons.get(sessionId));
    if (this.#reasons.size <= remembered) return;
    const [oldest] = this.#reasons.keys();
    if (oldest !== undefined) this.#reasons.delete(oldest);
  }
}
