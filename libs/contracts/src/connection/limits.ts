/** Defaults of the limits of the connection. Code reads `limits`, which may be overridden. */
export const connectionLimits = {
  /** Maximum size of a socket frame or a REST body. Larger ones close the socket or return 413. */
  payloadBytes: 64 * 1024,
  /** First ceiling of the reconnect backoff, which has full jitter. */
  reconnectMinMs: 500,
  /** Last ceiling of the reconnect backoff. */
  reconnectMaxMs: 30_000,
  /** Socket requests per second of one client; the SDK paces itself below this. */
  requestsPerSecond: 50,
  /** Concurrent requests of one socket; more are queued. The SDK uses half of them. */
  requestsInFlight: 16,
};
