/** SQLSTATEs after which the same statement, run again, may well succeed. */
const retriable = new Set(['40P01', '40001', '55P03', '57014']);
/** The connection is gone and the outcome unknown: only what is idempotent may be run again. */
const lost = /^(08...|25P03|25P04|57P0[1-5])$/;
const lostSockets = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/**
 * No room on the disk, no memory or connection left, a disk that fails, a database that takes no writes now, or one that
 * refuses new connections because its password, its rules or its name has changed.
 */
const serverTrouble = /^(53...|58...|25006|28...|3D000)$/;
/** Messages of the driver when Postgres, or the network before it, does not answer. */
const unanswered = /Query read timeout|due to connection timeout|timeout exceeded when trying to connect/;

/** Returns the SQLSTATE of an error of Postgres, or the code of a broken connection. */
export function postgresCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Returns true if a deadlock, a lock time-out or the like ended the statement and nothing was written. */
export function isRetriable(error: unknown): boolean {
  return retriable.has(postgresCode(error) ?? '');
}

/** Returns true if the connection was lost, so that nobody knows whether the statement was committed. */
export function isConnectionLost(error: unknown): boolean {
  const code = postgresCode(error);
  if (code !== undefined) return lost.test(code) || lostSockets.has(code);
  return (
    error instanceof Error && (/Connection terminated|Client was closed/.test(error.message) || isUnanswered(error))
  );
}

/** Returns true if Postgres did not answer in time: the wait is over, and another one is no use. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && unanswered.test(error.message);
}

/**
 * Returns true if the values of a statement are at fault (SQLSTATE classes 22 and 23): these values will fail again.
 */
export function isBadValue(error: unknown): boolean {
  return /^2[23]...$/.test(postgresCode(error) ?? '');
}

/** Returns true if the server is at fault, for example a full disk: no row is, and nothing was written. */
export function isServerTrouble(error: unknown): boolean {
  return serverTrouble.test(postgresCode(error) ?? '');
}
