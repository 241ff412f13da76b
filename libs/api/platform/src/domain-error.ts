import { errorCodes, type ErrorBody, type ErrorCode } from '@cloudhop/contracts';

export interface ErrorDetails {
  /** Replaces the message of the error table. English, for programs. */
  message?: string;
  /** Messages by path of the invalid field. */
  fields?: Record<string, string>;
  /** Milliseconds to wait before the same request may succeed. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** Error that is returned to the client, with a code of the error table, over HTTP and sockets. */
export class DomainError extends Error {
  readonly fields?: Record<string, string>;
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ErrorCode,
    details: ErrorDetails = {},
  ) {
    super(details.message ?? errorCodes[code][1], details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
    if (details.fields) this.fields = details.fields;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = Math.max(0, Math.ceil(details.retryAfterMs));
  }

  get status(): number {
    return errorCodes[this.code][0];
  }

  /** Returns the error in its form on the wire. */
  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.fields && { fields: this.fields }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
    };
  }
}
