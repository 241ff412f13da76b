import type { Locks } from './options';

interface Claim {
  readonly claimId: number;
  give: () => void;
  abort: AbortController;
  isHeld: boolean;
}

/** Locks of the conversations whose outbox this tab sends, one each. */
export class LaneLocks {
  readonly #claims = new Map<string, Claim>();

  constructor(
    private readonly locks: Locks,
    private readonly events: {
      claimed(conversationId: string, claimId: number): void;
      lost(conversationId: string): void;
      /** Called when the browser refuses a lock. */
      refused(): void;
    },
  ) {}

  claim(userId: string, conversationId: string, claimId: number, steal = false): void {
    let give = () => undefined as void;
    const given = new Promise<void>((resolve) => (give = resolve));
    const abort = new AbortController();
    const claim: Claim = { claimId, give, abort, isHeld: false };
    this.#claims.get(conversationId)?.abort.abort();
    this.#claims.set(conversationId, claim);
    const options = steal ? { steal } : { signal: abort.signal };
    this.locks
      .request(`outbox:${userId}:${conversationId}`, options, () => {
        claim.isHeld = true;
        if (this.#claims.get(conversationId) === claim) this.events.claimed(conversationId, claimId);
        return given;
      })
      .catch((error: unknown) => {
        if (!claim.isHeld && !isAbort(error)) return this.events.refused();
        // Stolen by a tab that is looked at, or given up here.
        if (this.#claims.get(conversationId) !== claim) return;
        this.#claims.delete(conversationId);
        this.events.lost(conversationId);
      });
  }

  release(conversationId: string): void {
    const claim = this.#claims.get(conversationId);
    this.#claims.delete(conversationId);
    if (claim?.isHeld) claim.give();
    else claim?.abort.abort();
  }

  releaseAll(): void {
    for (const conversationId of [...this.#claims.keys()]) this.release(conversationId);
  }

  /** Steals the locks that this tab waits for. Called when the tab is looked at. */
  stealWaiting(userId: string): void {
    for (const [conversationId, { claimId, isHeld }] of [...this.#claims])
      if (!isHeld) this.claim(userId, conversationId, claimId, true);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
