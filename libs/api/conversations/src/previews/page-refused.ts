/** Why no page came of an address; for logs and counters, never for who wrote the link. */
export type Refusal =
  /** No address at all, or one with a name and password in it. */
  | 'url'
  | 'scheme'
  | 'port'
  /** A name that only means something inside of a network. */
  | 'host'
  /** Not of the public Internet. */
  | 'address'
  | 'redirects'
  | 'status'
  /** Not a page. */
  | 'type'
  /** Packed in a way that was not asked for, or broken. */
  | 'encoding'
  /** A head that is too long. */
  | 'size'
  | 'timeout'
  /** Who asked has gone. */
  | 'aborted'
  /** No such name, nobody there, a certificate that is not theirs, or no HTTP. */
  | 'unreachable';

/** The only error of fetchPage. What happened below is its cause and stays on the server. */
export class PageRefused extends Error {
  constructor(
    readonly reason: Refusal,
    cause?: unknown,
  ) {
    super(`refused: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'PageRefused';
  }
}
