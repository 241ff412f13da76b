import { randomBytes } from 'node:crypto';
import { DomainError, limits } from '@cloudhop/api/core';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common']);
/** How long somebody waits when the queue is full. */
const busyRetryMs = 2_000;

/** Whether a password is one of the first that anybody would try: a common one, or the name itself. */
export function isCommonPassword(password: string, usernameKey: string): boolean {
  const folded = password.toLowerCase();
  return common.has(folded) || folded === usernameKey;
}

/** Hashes of passwords (argon2id), few at once: they are made to cost. */
@Injectable()
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** Verified where there is no user, so that the answer takes as long. */
  #nobody: Promise<string> | undefined;

  /** Throws overloaded when too many wait already. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password));
  }

  /** False for a user that has no password, or is none; it takes as long. Throws overloaded. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    this.#nobody ??= hash(randomBytes(32).toString('hex'));
    const nobody = await this.#nobody;
    const isRight = await this.#inTurn(() => verify(stored ?? nobody, password));
    return isRight && stored !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= limits.passwordHashes) {
      if (this.#waiting.length >= limits.passwordQueue)
        throw new DomainError('overloaded', { retryAfterMs: busyRetryMs });
      await new Promise<void>((resume) => this.#waiting.push(resume));
    } else this.#running++;
    try {
      return await work();
    } finally {
      // The place goes to who waits longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
