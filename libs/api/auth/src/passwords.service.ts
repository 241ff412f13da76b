import { randomBytes } from 'node:crypto';
import { DomainError, limits } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import { HashingThread } from './hashing-thread';

/** Built on first use, so that the start does not load 49,000 words. */
let common: Set<string> | undefined;
/** Retry delay sent when the queue is full. */
const busyRetryMs = 2_000;

/** Returns true for a password that attackers try first: a common one, or the username itself. */
export function isCommonPassword(password: string, usernameKey: string): boolean {
  const folded = password.toLowerCase();
  common ??= new Set(dictionary['passwords-common']);
  return common.has(folded) || folded === usernameKey;
}

/**
 * Priority of a hash: for a known device or a session, for an unknown device, for an address that tries many names.
 * Earlier lanes are served first, and have room in the queue when later ones have none.
 */
export type HashLane = 'known' | 'unknown' | 'suspected';

/** Earlier lanes go first. */
const ranks: Record<HashLane, number> = { known: 0, unknown: 1, suspected: 2 };

/** Returns the length of the whole queue at which this lane is refused. */
function maxQueueOf(lane: HashLane): number {
  if (lane === 'known') return limits.passwordQueue;
  return lane === 'unknown' ? limits.passwordQueueUnknown : limits.passwordQueueSuspected;
}

interface Waiting {
  lane: HashLane;
  resume: (thread: HashingThread) => void;
}

/** Hashes passwords (argon2id), few at a time, because each hash is expensive. */
@Injectable()
export class PasswordsService implements OnApplicationShutdown {
  readonly #threads = Array.from({ length: limits.passwordHashes }, () => new HashingThread());
  readonly #idle = [...this.#threads];
  readonly #waiting: Waiting[] = [];
  /** Hash that is verified for unknown users, so that the response takes as long. */
  #nobody: Promise<string> | undefined;

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  /** Hashes a password. Throws overloaded if the queue is full. */
  hash(password: string, lane: HashLane = 'known'): Promise<string> {
    return this.#inTurn(lane, (thread) => thread.hash(password));
  }

  /** Returns whether the password is right. Takes as long for a user without a password. Throws overloaded. */
  async verify(stored: string | undefined, password: string, lane: HashLane = 'known'): Promise<boolean> {
    this.#nobody ??= this.hash(randomBytes(32).toString('hex')).catch((error: unknown) => {
      this.#nobody = undefined;
      throw error;
    });
    const nobody = await this.#nobody;
    const isRight = await this.#inTurn(lane, (thread) => thread.verify(stored ?? nobody, password));
    return isRight && stored !== undefined;
  }

  async #inTurn<T>(lane: HashLane, work: (thread: HashingThread) => Promise<T>): Promise<T> {
    const thread = this.#idle.pop() ?? (await this.#wait(lane));
    try {
      return await work(thread);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.resume(thread);
      else this.#idle.push(thread);
    }
  }

  #wait(lane: HashLane): Promise<HashingThread> {
    if (this.#waiting.length >= maxQueueOf(lane)) throw new DomainError('overloaded', { retryAfterMs: busyRetryMs });
    return new Promise((resume) => {
      const behind = this.#waiting.findIndex((other) => ranks[other.lane] > ranks[lane]);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { lane, resume });
    });
  }
}
