import { Injectable } from '@nestjs/common';

export type DrainStep = () => void | Promise<void>;

/** How the process ends: not ready, clients told, queues emptied, closed. */
@Injectable()
export class Draining {
  readonly #steps: DrainStep[] = [];
  #isDraining = false;

  /** True from the first signal on: readiness answers 503. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Runs `step` once all sockets have closed or their time is up, in order of registration; Postgres is still there. */
  onDrain(step: DrainStep): void {
    this.#steps.push(step);
  }
}
