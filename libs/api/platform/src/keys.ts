export interface RedisKeys {
  /** String, the points consumed within a window of a minute, with which it expires. Owner: RateLimiter. */
  rate(name: string, key: string): string;
  /** Hash {count, until}; expires an hour after the last try. Owner: LogInTries. */
  tries(key: string): string;
  /** Set of digests of names; expires an hour after the last wrong one. Owner: LogInTries. */
  wrongNames(address: string): string;
  /** String; expires after a minute. Owner: LimitStore. */
  probe(): string;
}

/**
 * Returns the makers of every key in Redis. Nothing else makes their names; channels of the bus are not keys. All are
 * in one slot of a cluster, so that one script may take several. `digest` hides what stands in a key: addresses, ids
 * and names.
 */
export function redisKeys(fingerprint: string, digest: (text: string) => string): RedisKeys {
  const prefix = `cloudhop:{${fingerprint}.limits}`;
  return {
    rate: (name, key) => `${prefix}:rate:${name}:${digest(key)}`,
    tries: (key) => `${prefix}:tries:${digest(key)}`,
    wrongNames: (address) => `${prefix}:wrong-names:${digest(address)}`,
    probe: () => `${prefix}:probe`,
  };
}
