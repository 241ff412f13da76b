import * as z from 'zod';
import type { ErrorCode } from './errors';

/** How a route knows who asks: not at all, by the refresh cookie, or by the access token. */
export type Security = 'none' | 'cookie' | 'bearer';

const NoInput = z.object({});
const Nothing = z.undefined();

interface RouteRow<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  S extends Security = Security,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api, parameters in braces. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  security: S;
  params: P;
  query: Q;
  body: B;
  /** The success statuses the route can answer; all share one shape. */
  status: readonly number[];
  reply: R;
  errors: readonly ErrorCode[];
  /** A body that works, shown in the documentation and tried by its test. */
  example?: unknown;
  exampleReply?: unknown;
}

/** A row of the table, with nothing where it says nothing. */
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

/** A number in a query string. */
export const intQuery = <S extends z.ZodType<number, number>>(schema: S) => z.coerce.number<string>().pipe(schema);
