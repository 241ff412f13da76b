/** Defaults of the limits of the connection. Code reads `limits`, which may be overridden. */
export const connectionLimits = {
  /** One socket frame or REST body; larger ones close the socket or answer 413. */
  payloadBytes: 64 * 1024,
  /** Backoff of a reconnecting client, with full jitter: the first ceiling … */
  reconnectMinMs: 500,
  /** … and the last. */
  reconnectMaxMs: 30_000,
  /** Socket requests per second of one client; the SDK paces itself below this. */
  requestsPerSecond: 50,
  /** Requests of one socket that the server serves at once; more of them wait. The SDK stays at half of it. */
  requestsInFlight: 16,
};
