import pino from 'pino';

/** Bytes of lines that wait for room, about a thousand lines; later lines are dropped. */
const waitingBytes = 256 * 1024;
/** Interval at which a destination that took no line is tried again. */
const tryAgainMs = 1_000;

/** Counts of lines that were not written, since the process started. */
export const droppedLines = { unwritable: 0, repeated: 0 };

/** Destination of log lines, which never throws and never blocks. */
export interface LogDestination {
  write(line: string): void;
  /** Calls `listener` with the number of dropped lines once everything that waited is written. */
  onResume(listener: (dropped: number) => void): void;
}

/**
 * Returns a destination that writes to an open file. If the disk is full, or the reader has gone or doesn't read, lines
 * are dropped and counted; writing resumes by itself.
 */
export function logDestination(fd: number): LogDestination {
  const stream = pino.destination({
    dest: fd,
    sync: true,
    maxLength: waitingBytes,
    // Waiting for a slow reader would block the process.
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
