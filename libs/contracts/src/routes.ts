import * as z from 'zod';
import { authRoutes, exampleId, exampleUser } from './auth-routes';
import type { ErrorCode } from './errors';
import { limits } from './limits';
import { HistoryReply } from './requests';
import { ClientId, Conversation, ExpiredMessage, Id, Message, Seq } from './resources';
import { groupRoutes } from './group-routes';
import { peopleRoutes } from './people-routes';
import { intQuery, route } from './route-row';
import { Body } from './text';

/** Errors that any REST route can be answered with, besides those of its row. */
export const commonRouteErrors = [
  'invalid',
  'payload_too_large',
  'rate_limited',
  'unavailable',
  'internal',
] as const satisfies ErrorCode[];

export const MessagePage = z
  .object({
    items: HistoryReply.shape.messages,
    nextCursor: z.string().optional().meta({ description: 'Give it as `before` to read the page before this one.' }),
    users: HistoryReply.shape.users,
    mine: HistoryReply.shape.mine,
    rev: HistoryReply.shape.rev,
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

export const Health = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.boolean()) })
  .meta({ id: 'Health', example: { status: 'ok', checks: { database: true } } });
export type Health = z.infer<typeof Health>;

const exampleMessage: Message = {
  conversationId: exampleId,
  id: '01900000-0000-7000-8000-0000000000aa',
  seq: 40,
  rev: 42,
  authorId: exampleId,
  body: '大家好！第一次來 🌷',
  createdAt: '2026-01-01T12:00:00.000Z',
  reactions: [{ emoji: '🎉', count: 6 }],
  attachments: [],
};
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
  'conversations.list': route({
    method: 'GET',
    path: '/conversations',
    tag: 'conversations',
    summary: 'Your conversations, the lobby among them.',
    security: 'bearer',
    query: z.object({ cursor: z.string().max(64).optional(), limit: intQuery(z.int().min(1).max(100)).default(50) }),
    status: [200],
    reply: z.object({ items: z.array(Conversation), nextCursor: z.string().optional() }),
    errors: ['unauthenticated', 'token_expired', 'session_ended'],
    exampleReply: { items: [exampleConversation] },
  }),
  'messages.list': route({
    method: 'GET',
    path: '/conversations/{id}/messages',
    tag: 'conversations',
    summary: 'A page of messages: the latest, or before, after or around a seq.',
    security: 'bearer',
    params: z.object({ id: Id }),
    query: z
      .object({
        before: intQuery(Seq).optional(),
        after: intQuery(Seq).optional(),
        around: intQuery(Seq).optional(),
        limit: intQuery(z.int().min(1).max(limits.historyPage)).default(limits.openPage),
      })
      .refine(({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length <= 1, {
        message: 'give only one of before, after and around',
        path: ['before'],
      }),
    status: [200],
    reply: MessagePage,
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'not_found', 'banned'],
    exampleReply: {
      items: [exampleMessage],
      users: [exampleUser],
      mine: [],
      rev: 42,
      hasBefore: true,
      hasAfter: false,
      nextCursor: '40',
    },
  }),
  'messages.send': route({
    method: 'POST',
    path: '/conversations/{id}/messages',
    tag: 'conversations',
    summary: 'Send a message. With an id of your own a repeat is a retry: 200 and the original.',
    security: 'bearer',
    params: z.object({ id: Id }),
    body: z.object({ id: ClientId.optional(), body: Body }),
    status: [201, 200],
    reply: z.union([Message, ExpiredMessage]),
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'invalid_text',
      'too_long',
      'not_found',
      'banned',
      'muted',
      'slow_mode',
      'not_accepting',
      'person_gone',
      'id_taken',
      'overloaded',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { body: 'Build 412 is green ✅' },
    exampleReply: exampleMessage,
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
