import { errorCodes, type ErrorBody, type ErrorCode } from '@cloudhop/contracts';
import { HttpException } from '@nestjs/common';
import * as z from 'zod';
import { DomainError } from './domain-error';
import { limits } from './limits';
import { isConnectionLost, isServerTrouble } from './postgres-errors';

export interface RenderedError {
  /** The HTTP status of the code. */
  status: number;
  body: ErrorBody;
}

/** Error codes for HTTP statuses that come without a code of ours. */
const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/**
 * Returns true if the database is unreachable, is shutting down, has ended the connection or has no room: a retry may
 * succeed.
 */
export function isUnavailable(error: unknown): boolean {
  for (let depth = 0, current = error; depth < 5 && current instanceof Error; depth++) {
    if (isConnectionLost(current) || isServerTrouble(current)) return true;
    const nested: unknown = current instanceof AggregateError ? current.errors[0] : undefined;
    current = nested ?? ('driverError' in current ? current.driverError : current.cause);
  }
  return false;
}

function invalid(error: z.ZodError | z.core.$ZodError): DomainError {
  const fields: Record<string, string> = {};
  let code: ErrorCode = 'invalid';
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.') || 'payload';
    fields[path] ??= issue.message;
    // A text's issue names the code that it stands for.
    const named: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
    if (code === 'invalid' && typeof named === 'string' && Object.hasOwn(errorCodes, named)) code = named as ErrorCode;
    // What the issues of a hostile input may cost is bounded.
    if (Object.keys(fields).length >= 20) break;
  }
  return new DomainError(code, { fields });
}

function fromStatus(status: number): DomainError | undefined {
  const code = codeByStatus[status] ?? (status >= 400 && status < 500 ? 'invalid' : undefined);
  return code && new DomainError(code);
}

/** Converts an error of body-parser or Express, which has a status and a type. */
function fromExpress(error: Error): DomainError | undefined {
  if (!('status' in error) || typeof error.status !== 'number' || !('expose' in error || 'type' in error))
    return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') return new DomainError('invalid', { fields: { body: 'must be JSON' } });
  return fromStatus(error.status);
}

/** Converts an error to the one that the client receives. Unexpected errors become `internal`, without details. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof z.core.$ZodError) return invalid(error);
  if (isUnavailable(error))
    return new DomainError('unavailable', { retryAfterMs: limits.unavailableRetryMs, cause: error });
  if (error instanceof HttpException && error.getStatus() < 500)
    return fromStatus(error.getStatus()) ?? new DomainError('internal', { cause: error });
  if (error instanceof URIError) return new DomainError('invalid');
  return (error instanceof Error ? fromExpress(error) : undefined) ?? new DomainError('internal', { cause: error });
}

/** One rendering for HTTP and sockets. */
export function renderError(error: unknown): RenderedError {
  const domainError = toDomainError(error);
  return { status: domainError.status, body: domainError.toBody() };
}
