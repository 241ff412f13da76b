import type * as z from 'zod';
import { DomainError } from './domain-error';

/**
 * Parses what somebody sends by its schema, at the edge of every transport. Postgres keeps neither NUL nor half of a
 * surrogate pair, so no string of a parsed input holds one, whatever its schema says. Throws a ZodError, or `invalid`
 * with the field.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.parse(input);
  const field = findUnkeepable(parsed);
  if (field !== undefined)
    throw new DomainError('invalid', { fields: { [field || 'payload']: 'must be well-formed Unicode without NUL' } });
  return parsed;
}

/** Returns the path of the first string that Postgres can't keep. The schema bounds how deep the value is. */
function findUnkeepable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = findUnkeepable(each, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws `invalid` with the part of an address that is not percent-encoded UTF-8: `path`, or a parameter of the query. */
export function requireDecodable(url: string): void {
  const [path = '', ...query] = url.split('?');
  requirePart('path', path);
  // The name of a parameter may be what is wrong.
  for (const pair of query.join('?').split('&')) requirePart(/^[\w.-]+(?==)/.exec(pair)?.[0] ?? 'query', pair);
}

function requirePart(field: string, text: string): void {
  try {
    decodeURIComponent(text);
  } catch {
    throw new DomainError('invalid', { fields: { [field]: 'must be percent-encoded UTF-8' } });
  }
}
