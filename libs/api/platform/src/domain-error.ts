import { errorCodes, type ErrorBody, type ErrorCode } from '@cloudhop/contracts';

export interface ErrorDetails {
  /** Replaces the sentence of the error table; English, for programs. */
  message?: string;
  /** What is wrong, by path of the field. */
  fields?: Record<string, string>;
  /** Milliseconds to wait before the same request may succeed. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** A refusal that the asker may see: its code is of the error table, over HTTP and sockets alike. */
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

  /** The error as it travels. */
  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.fields && { fields: this.fields }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
    };
  }
}
