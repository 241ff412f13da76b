/** User on whose behalf a request runs. Always the first argument of a service method. */
export interface Actor {
  userId: string;
  /** Of an API token: the token's own id. */
  sessionId: string;
  /** Names this one request in the logs. */
  requestId: string;
}
