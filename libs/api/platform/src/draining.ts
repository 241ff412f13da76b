import { Injectable } from '@nestjs/common';
import { eventLog } from './event-log';

export type DrainStep = () => void | Promise<void>;

const log = eventLog('process');

/** How the process ends: not ready, clients told, queues emptied, closed. */
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

  /** Runs `step` at once when draining begins, before all of onDrain's. */
  onBegin(step: DrainStep): void {
    this.#first.push(step);
  }

  /** Runs `step` once all sockets have closed or their time is up, in order of registration; Postgres is still there. */
  onDrain(step: DrainStep): void {
    this.#steps.push(step);
  }

  /** Empties the process; a second call waits for the first. A step that fails is logged and does not keep the others. */
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
