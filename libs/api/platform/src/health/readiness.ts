import { Injectable } from '@nestjs/common';
import { limits } from '../limits';

/** Resolves when the dependency answers. Rejects, or exceeds the timeout, when it does not. */
export type Check = () => Promise<unknown>;

/** Checks that must pass for this process to be ready. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, Check>();
  #latest?: { at: number; results: Promise<Record<string, boolean>> };

  addCheck(name: string, check: Check): void {
    this.#checks.set(name, check);
    this.#latest = undefined;
  }

  /** Runs all checks at once, each within limits.readyTimeoutMs. Returns the latest results for limits.readyKeptMs. */
  run(): Promise<Record<string, boolean>> {
    const now = performance.now();
    if (this.#latest === undefined || now - this.#latest.at >= limits.readyKeptMs)
      this.#latest = { at: now, results: this.#runAll() };
    return this.#latest.results;
  }

  async #runAll(): Promise<Record<string, boolean>> {
    const results = [...this.#checks].map(async ([name, check]) => [name, await this.#passes(check)] as const);
    return Object.fromEntries(await Promise.all(results));
  }

  async #passes(check: Check): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limits.readyTimeoutMs).unref();
    });
    try {
      return await Promise.race([
        check().then(
          () => true,
          () => false,
        ),
        tooLate,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}
