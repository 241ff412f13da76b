import type * as z from 'zod';
import { authRoutes } from './auth/routes';
import { tokenRoutes } from './auth/token-routes';
import { messageRoutes } from './conversations/message-routes';
import { conversationRoutes } from './conversations/routes';
import type { ErrorCode } from './errors';
import { friendRoutes } from './friends/routes';
import { groupRoutes } from './groups/routes';
import { healthRoutes } from './health/routes';
import type { RequestWork } from './request-row';
import { roomRoutes } from './rooms/routes';
import { statusRoutes } from './status/routes';

/** Errors that any REST route can return, besides those of its row. */
export const commonRouteErrors = [
  'invalid',
  'payload_too_large',
  'rate_limited',
  'overloaded',
  'unavailable',
  'internal',
] as const satisfies ErrorCode[];

/** Every REST route, below /api. Each has exactly one handler; OpenAPI is generated from this table. */
export const routes = {
  ...authRoutes,
  ...friendRoutes,
  ...groupRoutes,
  ...messageRoutes,
  ...roomRoutes,
  ...tokenRoutes,
  ...conversationRoutes,
  ...healthRoutes,
  ...statusRoutes,
} as const;

export type RouteName = keyof typeof routes;

export type RouteParams<N extends RouteName> = z.output<(typeof routes)[N]['params']>;

export type RouteQuery<N extends RouteName> = z.output<(typeof routes)[N]['query']>;

/** Query that a client sends: before defaults. */
export type RouteQueryInput<N extends RouteName> = z.input<(typeof routes)[N]['query']>;

export type RouteBody<N extends RouteName> = z.output<(typeof routes)[N]['body']>;

/** Body that a client sends: before defaults and normalisation. */
export type RouteBodyInput<N extends RouteName> = z.input<(typeof routes)[N]['body']>;

export type RouteReply<N extends RouteName> = z.output<(typeof routes)[N]['reply']>;

/** Returns the kind of work of a route. */
export function routeWork(name: RouteName): RequestWork | 'probe' {
  const { work, method }: { work?: RequestWork | 'probe'; method: string } = routes[name];
  return work ?? (method === 'GET' ? 'read' : 'write');
}
