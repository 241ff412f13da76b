import { Injectable } from '@nestjs/common';
import { eventLog } from './event-log';

export type DrainStep = () => void | Promise<void>;

const log = eventLog('process');

/** Steps of a graceful shutdown: readiness fails, clients are notified, queues are emptied, connections are closed. */
@Injectable()
export class Draining {
  readonly #first: DrainStep[] = [];
  readonly #steps: DrainStep[] = [];
  #isDraining = false;
  #finished?: Promise<void>;

  /** True from the first signal on: readiness answers 503 and no socket is accepted. */
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

  /** Runs all steps. A second call waits for the first. A failed step is logged and does not stop the others. */
  drain(reason: string): Promise<void> {
    this.#isDraining = true;
    this.#finished ??= this.#run(reason);
    return this.#finished;
  }

  async #run(reason: string): Promise<void> {
    log.info('draining', { reason });
    for (const step of [...this.#first, ...this.#steps]) {
      try {
        await step();
      } catch (error) {
        log.error('drain_step_failed', error);
      }
    }
  }
}
