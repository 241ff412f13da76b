import type * as z from 'zod';
import { DomainError } from './domain-error';

/**
 * Parses an input by its schema, for every transport. Rejects NUL and unpaired surrogates in any string, which Postgres
 * can't store. Throws a ZodError, or `invalid` with the field.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.parse(input);
  const field = findUnstorable(parsed);
  if (field !== undefined)
    throw new DomainError('invalid', { fields: { [field || 'payload']: 'must be well-formed Unicode without NUL' } });
  return parsed;
}

/** Returns the path of the first string that Postgres can't store. The schema bounds the depth of the value. */
function findUnstorable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = findUnstorable(each, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws `invalid` if a URL isn't percent-encoded UTF-8, with the field: `path`, or a parameter of the query. */
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
