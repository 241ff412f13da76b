import pino, { type DestinationStream, type LogFn, type Logger } from 'pino';

interface SafeError {
  type: string;
  code?: string;
  message?: string;
  stack?: string;
  cause?: SafeError;
}

/**
 * What a log line says of an error: kind, code, message and the way there. Its other properties stay out: a database
 * error carries the values of the query, an HTTP error the request. Postgres quotes what it could not read in the
 * messages of class 22, a parser in its SyntaxError, so these leave their message behind too.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const quotesInput = error instanceof SyntaxError || (code !== undefined && /^2[23][0-9A-Z]{3}$/.test(code));
  // The message stands in the stack too, and a line of it may look like a part of the way.
  const way = error.stack
    ?.replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
  return {
    type: error.name,
    ...(code !== undefined && { code }),
    ...(!quotesInput && { message: error.message.slice(0, 500) }),
    ...(way && { stack: way }),
    ...(error.cause !== undefined && depth < 3 && { cause: safeError(error.cause, depth + 1) }),
  };
}

/** Keys that no line may carry, wherever a library should log one of its objects whole. */
const secretKeys = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'accessToken',
  'password',
  'body',
  'secret',
  'auth',
];

/** The process' one logger: JSON lines, an event name and fields each. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const redacted = secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]);
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: safeError },
    // Pino would make the message of what it finds under this key the line's own, past the serializer.
    errorKey: 'unused',
    hooks: {
      logMethod(this: Logger, inputs: Parameters<LogFn>, method: LogFn) {
        const [first, ...rest] = inputs as unknown[];
        method.apply(this, [first instanceof Error ? { err: first } : first, ...rest] as Parameters<LogFn>);
      },
    },
    redact: { paths: redacted, censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
