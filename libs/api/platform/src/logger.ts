import pino, { type DestinationStream, type LogFn, type Logger } from 'pino';
import { type LogDestination, droppedLines, logDestination } from './log-destination';
import { RepeatedLines } from './repeated-lines';

interface SafeError {
  type: string;
  code?: string;
  message?: string;
  stack?: string;
  cause?: SafeError;
  [name: string]: unknown;
}

/** Properties that hold names: of the schema, of places in Postgres' source, of system calls. None holds a value. */
const names = ['routine', 'schema', 'table', 'column', 'constraint', 'dataType', 'syscall'] as const;
const isName = (value: unknown): value is string => typeof value === 'string' && /^[\w.]{1,63}$/.test(value);

/** A line of a stack: a function and its place, or a place alone. */
const stackLine = /^\s+at (?:async )?[^\s]+(?: \[as \w+\])?(?: \(.+:\d+:\d+\))?$/;

/**
 * Returns the loggable part of an error: type, code, message, names and stack. Leaves out other properties: a database
 * error carries the values of the query, an HTTP error the request.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = error as Error & Record<string, unknown>;
  const code = isName(fields['code']) ? fields['code'] : undefined;
  const message = safeMessage(fields, code);
  const way = stackOf(error);
  return {
    type: error.name,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...Object.fromEntries(names.filter((name) => isName(fields[name])).map((name) => [name, fields[name]])),
    ...(way !== '' && { stack: way }),
    ...(error.cause !== undefined && depth < 3 && { cause: safeError(error.cause, depth + 1) }),
  };
}

/**
 * Returns the part of a message that quotes nobody. Postgres quotes values in messages of many classes, and parsers
 * quote what they could not read, so theirs are left out whole; a system call's names a host or a file. Others quote
 * behind a quotation mark.
 */
function safeMessage(error: Error & Record<string, unknown>, code: string | undefined): string | undefined {
  const isOfDatabase = 'severity' in error || 'driverError' in error || /^(?=.*\d)[0-9A-Z]{5}$/.test(code ?? '');
  if (isOfDatabase || error instanceof SyntaxError || 'syscall' in error) return undefined;
  return error.message.slice(0, 500).replace(/(^|[\s:=([{<])["'`“‘«][^]*$/u, '$1…');
}

/** Returns the stack's lines of calls, without the message, which the stack holds too and which may look like one. */
function stackOf({ stack = '', message }: Error): string {
  const end = stack.indexOf(message);
  const lines = stack.slice(end === -1 ? 0 : end + message.length).split('\n');
  return lines.filter((line) => stackLine.test(line)).join('\n');
}

/** Keys that no line may carry, wherever a library should log one of its objects whole. */
const secretKeys = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'accessToken',
  'refreshToken',
  'password',
  'body',
  'secret',
  'auth',
];

/** Replaces errors under any key by their loggable part, before a serializer of a library sees them. */
function withSafeErrors(fields: Record<string, unknown>): Record<string, unknown> {
  const unsafe = Object.entries(fields).filter(([, value]) => value instanceof Error);
  if (unsafe.length === 0) return fields;
  return { ...fields, ...Object.fromEntries(unsafe.map(([key, value]) => [key, safeError(value)])) };
}

/** Returns the kind of a line: two lines of one kind say the same to an operator. */
function kindOf(fields: unknown, rest: unknown[]): string {
  if (typeof fields !== 'object' || fields === null) return String(fields);
  const { event, err } = fields as { event?: unknown; err?: unknown };
  const { code, name } = (err instanceof Error ? err : {}) as { code?: unknown; name?: unknown };
  return [event ?? rest[0], code ?? name].filter((part) => typeof part === 'string').join(' ');
}

let standardOutput: LogDestination | undefined;

/** Returns the process' one logger: JSON lines, an event name and fields each. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const redacted = secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]);
  const repeated = new RepeatedLines(({ kind, count }) => {
    droppedLines.repeated += count;
    logger.warn({ event: 'log_repeated', kind, count });
  });
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withSafeErrors },
    // Errors are safe before a serializer sees them.
    serializers: { err: (error: unknown) => error },
    // Pino would make the message of what it finds under this key the line's own, past the formatter.
    errorKey: 'unused',
    hooks: {
      logMethod(this: Logger, inputs: Parameters<LogFn>, method: LogFn, lineLevel: number) {
        const [first, ...rest] = inputs as unknown[];
        const fields = first instanceof Error ? { err: first } : first;
        if (lineLevel >= pino.levels.values['warn']! && !repeated.admit(kindOf(fields, rest))) return;
        method.apply(this, [fields, ...rest] as Parameters<LogFn>);
      },
    },
    redact: { paths: redacted, censor: '[redacted]' },
  };
  if (destination === undefined && standardOutput === undefined) {
    standardOutput = logDestination(1);
    standardOutput.onResume((dropped) => logger.warn({ event: 'log_resumed', dropped }));
  }
  const logger: Logger = pino(options, destination ?? standardOutput!);
  return logger;
}
