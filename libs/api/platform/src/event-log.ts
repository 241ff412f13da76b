import { Logger } from '@nestjs/common';

/** Values a log line may hold. Never message bodies, tokens, cookies or whole requests. */
export type LogFields = Record<string, string | number | boolean | undefined>;

export interface EventLog {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` adds its message, stack and code. */
  error(event: string, error: unknown, fields?: LogFields): void;
}

/** A logger whose lines are an event's name and fields. `context` names the part of the program. */
export function eventLog(context: string): EventLog {
  const logger = new Logger(context);
  return {
    debug: (event, fields) => logger.debug({ event, ...fields }),
    info: (event, fields) => logger.log({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, error, fields) =>
      logger.error({ event, ...fields, err: error instanceof Error ? error : new Error(String(error)) }),
  };
}
