import * as z from 'zod';
import { authRoutes, exampleId } from './auth-routes';
import type { ErrorCode } from './errors';
import { groupRoutes } from './group-routes';
import { messageRoutes } from './message-routes';
import { peopleRoutes } from './people-routes';
import { Conversation, User } from './resources';
import { roomRoutes } from './room-routes';
import { intQuery, route, signedIn } from './route-row';
import { tokenRoutes } from './token-routes';

/** Errors that any REST route can be answered with, besides those of its row. */
export const commonRouteErrors = [
  'invalid',
  'payload_too_large',
  'rate_limited',
  'unavailable',
  'internal',
] as const satisfies ErrorCode[];

export const Health = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.boolean()) })
  .meta({ id: 'Health', example: { status: 'ok', checks: { database: true } } });
export type Health = z.infer<typeof Health>;

const exampleConversation: Conversation = {
  id: exampleId,
  kind: 'lobby',
  slowModeMs: 0,
  retentionMs: 86_400_000,
  seq: 40,
  rev: 42,
  floorSeq: 0,
  role: 'member',
};

/** Every REST route, below /api. Each has exactly one handler; OpenAPI is generated from this table. */
export const routes = {
  ...authRoutes,
  ...peopleRoutes,
  ...groupRoutes,
  ...messageRoutes,
  ...roomRoutes,
  ...tokenRoutes,
  'conversations.list': route({
    method: 'GET',
    path: '/conversations',
    tag: 'conversations',
    summary: 'Your conversations, the lobby among them.',
    security: 'bearer',
    scope: 'messages:read',
    query: z.object({ cursor: z.string().max(64).optional(), limit: intQuery(z.int().min(1).max(100)).default(50) }),
    status: [200],
    reply: z.object({
      items: z.array(Conversation),
      users: z.array(User).meta({ description: 'Who wrote the last messages.' }),
      nextCursor: z.string().optional(),
    }),
    errors: signedIn,
    exampleReply: { items: [exampleConversation], users: [] },
  }),
  'health.live': route({
    method: 'GET',
    path: '/health/live',
    tag: 'health',
    summary: 'Is the process alive?',
    security: 'none',
    status: [200],
    reply: Health,
    errors: [],
    exampleReply: { status: 'ok', checks: {} },
  }),
  'health.ready': route({
    method: 'GET',
    path: '/health/ready',
    tag: 'health',
    summary: 'Can the process serve people now? 503 while it drains or the database is away.',
    security: 'none',
    status: [200],
    reply: Health,
    errors: ['unavailable'],
    exampleReply: { status: 'ok', checks: { database: true } },
  }),
} as const;

export type RouteName = keyof typeof routes;
export type RouteParams<N extends RouteName> = z.output<(typeof routes)[N]['params']>;
export type RouteQuery<N extends RouteName> = z.output<(typeof routes)[N]['query']>;
/** What a program gives: before defaults. */
export type RouteQueryInput<N extends RouteName> = z.input<(typeof routes)[N]['query']>;
export type RouteBody<N extends RouteName> = z.output<(typeof routes)[N]['body']>;
/** What a program sends: before defaults and normalisation. */
export type RouteBodyInput<N extends RouteName> = z.input<(typeof routes)[N]['body']>;
export type RouteReply<N extends RouteName> = z.output<(typeof routes)[N]['reply']>;
