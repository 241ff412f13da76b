import pino from 'pino';

/** Lines that wait for room, in bytes: about a thousand. What comes after them is dropped. */
const waitingBytes = 256 * 1024;
/** A destination that took no line is tried again after this, also when no line comes. */
const tryAgainMs = 1_000;

/** Lines that were not written, since the process began. */
export const droppedLines = { unwritable: 0, repeated: 0 };

/** Where lines go. It never throws and never waits. */
export interface LogDestination {
  write(line: string): void;
  /** Calls `listener` with the number of dropped lines once everything that waited is written. */
  onResume(listener: (dropped: number) => void): void;
}

/**
 * Writes lines to an open file. A full disk, a reader that has gone or one that does not read costs lines, which are
 * counted, and nothing else. `write` is tried again by itself.
 */
export function logDestination(fd: number): LogDestination {
  const stream = pino.destination({
    dest: fd,
    sync: true,
    maxLength: waitingBytes,
    // Waiting for a slow reader would hold everybody up.
    retryEAGAIN: () => false,
  });
  // Pino's own listener would silence the stream for good when a reader goes.
  stream.removeAllListeners('error');
  const listeners = new Set<(dropped: number) => void>();
  let dropped = 0;
  let retry: NodeJS.Timeout | undefined;
  stream.on('drop', () => {
    dropped++;
    droppedLines.unwritable++;
  });
  stream.on('error', () => {
    retry ??= setInterval(() => stream.write(''), tryAgainMs).unref();
  });
  stream.on('drain', () => {
    if (!retry) return;
    clearInterval(retry);
    retry = undefined;
    const count = dropped;
    dropped = 0;
    if (count > 0) for (const listener of listeners) listener(count);
  });
  return {
    write: (line) => void stream.write(line),
    onResume: (listener) => void listeners.add(listener),
  };
}
