/** Reason for which an address has no page; for logs and counters, never for the author of the link. */
export type Refusal =
  /** Not an address, or one with a name and password. */
  | 'url'
  | 'scheme'
  | 'port'
  /** A name of a private network. */
  | 'host'
  /** An address outside the public Internet. */
  | 'address'
  | 'redirects'
  | 'status'
  /** Not an HTML page. */
  | 'type'
  /** An encoding that was not requested, or a broken one. */
  | 'encoding'
  /** A head above the limit. */
  | 'size'
  | 'timeout'
  /** The caller has aborted. */
  | 'aborted'
  /** No such name, no connection, an invalid certificate, or no HTTP. */
  | 'unreachable';

/** The only error that fetchPage throws. Its cause stays on the server. */
export class PageRefused extends Error {
  constructor(
    readonly reason: Refusal,
    cause?: unknown,
  ) {
    super(`refused: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'PageRefused';
  }
}
