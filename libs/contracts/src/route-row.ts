import * as z from 'zod';
import { type Endpoint, splitEndpoint } from './endpoint';
import type { ErrorCode } from './errors';
import type { RequestWork } from './request-row';

/** Authentication of a route: none, by the refresh cookie, or by the access token. */
export type Security = 'none' | 'cookie' | 'bearer';

/** Scope of an API token. A route without a scope accepts sessions only. */
export const Scope = z.enum(['rooms:read', 'rooms:write', 'rooms:manage', 'messages:read', 'messages:write']).meta({
  description:
    '`rooms:read`: list rooms and members. `rooms:write`: create, join and leave rooms. `rooms:manage`: change settings, roles and invite links. `messages:read`: read and search messages. `messages:write`: send, edit, delete, react and pin.',
});
export type Scope = z.infer<typeof Scope>;

/** Errors of every authenticated route. */
export const signedIn = ['unauthenticated', 'token_expired', 'session_ended'] as const satisfies ErrorCode[];

/** Errors of every authenticated route that writes. */
export const written = [...signedIn, 'foreign_origin', 'unsupported_media_type'] as const satisfies ErrorCode[];

const NoInput = z.object({});

const Nothing = z.undefined();

interface RouteRow<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  S extends Security = Security,
> {
  tag: string;
  /** Kind of work. Absent: a read for GET, else a write. A probe is answered from memory and waits for no other request. */
  work?: RequestWork | 'probe';
  summary: string;
  description?: string;
  security: S;
  /** Scope that an API token needs. Without it the route accepts sessions only. */
  scope?: Scope;
  /** A retry with the same Idempotency-Key header returns the first result. */
  isKeyed?: true;
  params: P;
  query: Q;
  body: B;
  /** The success statuses the route can answer; all share one shape. */
  status: readonly number[];
  reply: R;
  errors: readonly ErrorCode[];
  /** Valid body, shown in the documentation and sent by a spec. */
  example?: unknown;
  exampleReply?: unknown;
}

/** Returns a row with empty schemas for the parts that it leaves out. */
export function route<
  S extends Security,
  P extends z.ZodType = typeof NoInput,
  Q extends z.ZodType = typeof NoInput,
  B extends z.ZodType = typeof NoInput,
  R extends z.ZodType = typeof Nothing,
>(
  row: Omit<RouteRow<P, Q, B, R, S>, 'params' | 'query' | 'body' | 'reply'> & {
    params?: P;
    query?: Q;
    body?: B;
    reply?: R;
  },
): RouteRow<P, Q, B, R, S> {
  return {
    ...row,
    params: (row.params ?? NoInput) as P,
    query: (row.query ?? NoInput) as Q,
    body: (row.body ?? NoInput) as B,
    reply: (row.reply ?? Nothing) as R,
  };
}

/** Returns a schema for a number in a query string. OpenAPI shows `schema` instead of the unbounded text that is parsed. */
export const intQuery = <S extends z.ZodType<number, number>>(schema: S) => {
  const { $schema: _, ...shown } = z.toJSONSchema(schema);
  return z.coerce
    .number<string>()
    .pipe(schema)
    .meta({ override: shown as Record<string, unknown> });
};

/** Adds method and path to the rows of a feature, by name. Both tables must have the same names. */
export function routesAt<N extends string, R extends Record<N, object>>(
  endpoints: Readonly<Record<N, Endpoint>>,
  rows: R & Record<Exclude<keyof R, N>, never>,
): { readonly [K in keyof R]: R[K] & ReturnType<typeof splitEndpoint> } {
  const entries = Object.entries<object>(rows).map(([name, row]) => [
    name,
    { ...splitEndpoint(endpoints[name as N]), ...row },
  ]);
  return Object.fromEntries(entries) as { readonly [K in keyof R]: R[K] & ReturnType<typeof splitEndpoint> };
}
