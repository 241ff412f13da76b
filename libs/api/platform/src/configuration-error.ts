/** A setting that keeps the process from starting: one sentence that says what to do, and the code to exit with. */
export class ConfigurationError extends Error {
  /** EX_CONFIG of sysexits.h unless given. */
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ConfigurationError';
    this.exitCode = options.exitCode ?? 78;
  }
}
