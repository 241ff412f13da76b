export interface PeriodicTaskOptions {
  /** Milliseconds between the starts of two rounds. */
  intervalMs: () => number;
  round: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Background task of a service: repeats a round on a timer, one at a time. */
export class PeriodicTask {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(private readonly options: PeriodicTaskOptions) {}

  /** True once the task was stopped: a long round checks it between two steps. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  start(): void {
    this.#timer = setInterval(() => void this.run(), this.options.intervalMs());
  }

  /** Runs one round. A call during a round waits for that round. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.options
      .round()
      .catch(this.options.onError)
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Starts no more rounds, and waits for the one that runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }
}
