import { Injectable } from '@nestjs/common';
import { eventLog } from './event-log';

export type DrainStep = () => void | Promise<void>;

const log = eventLog('process');

/** Steps of a graceful shutdown: readiness fails, clients are notified, queues are emptied, connections are closed. */
@Injectable()
export class Draining {
  readonly #first: DrainStep[] = [];
  readonly #steps: DrainStep[] = [];
  #isLeaving = false;
  #isDraining = false;
  #finished?: Promise<void>;
  #endWait: (() => void) | undefined;

  /** True from the first signal on: readiness answers 503, and HTTP connections are closed after their answer. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** True once the wait for load balancers is over: no socket is accepted. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Registers a step that runs when draining begins, before those of onDrain. */
  onBegin(step: DrainStep): void {
    this.#first.push(step);
  }

  /** Registers a step that runs after the sockets have closed or timed out, in order of registration. Postgres is still connected. */
  onDrain(step: DrainStep): void {
    this.#steps.push(step);
  }

  /**
   * Serves new connections for `waitMs` more, while load balancers notice that readiness fails; then runs all steps. A
   * second call ends the wait, and resolves with the first. A failed step is logged and does not stop the others.
   */
  drain(reason: string, waitMs = 0): Promise<void> {
    this.#isLeaving = true;
    this.#endWait?.();
    this.#finished ??= this.#run(reason, waitMs);
    return this.#finished;
  }

  async #run(reason: string, waitMs: number): Promise<void> {
    log.info('draining', { reason, waitMs });
    if (waitMs > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.#endWait = () => (clearTimeout(timer), resolve());
      });
    this.#isDraining = true;
    for (const step of [...this.#first, ...this.#steps]) {
      try {
        await step();
      } catch (error) {
        log.error('drain_step_failed', error);
      }
    }
  }
}
