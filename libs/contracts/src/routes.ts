import * as z from 'zod';
import type { ErrorCode } from './errors';
import { limits } from './limits';
import { HistoryReply } from './requests';
import { ClientId, Conversation, ExpiredMessage, Id, Message, Seq, SessionInfo, Time, User } from './resources';
import { Password, Username } from './names';
import { Body, DisplayName } from './text';

/** Errors that any REST route can be answered with, besides those of its row. */
export const commonRouteErrors = [
  'invalid',
  'payload_too_large',
  'rate_limited',
  'unavailable',
  'internal',
] as const satisfies ErrorCode[];

/** How a route knows who asks: not at all, by the refresh cookie, or by the access token. */
export type Security = 'none' | 'cookie' | 'bearer';

export const Session = z
  .object({ user: User, accessToken: z.string(), expiresAt: Time.meta({ description: 'When the access token ends.' }) })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

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

const NoInput = z.object({});
const Nothing = z.undefined();

interface RouteRow<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
  S extends Security = Security,
> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
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

function route<
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

const exampleId = '01900000-0000-7000-8000-000000000001';
const exampleUser: User = { id: exampleId, kind: 'guest', displayName: '小桃', profileRev: 2, tag: 'e20b5f' };
const exampleSession = { user: exampleUser, accessToken: 'eyJ…', expiresAt: '2026-01-01T12:10:00.000Z' };
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

/** A number in a query string. */
const intQuery = <S extends z.ZodType<number, number>>(schema: S) => z.coerce.number<string>().pipe(schema);

/** Every REST route, below /api. Each has exactly one handler; OpenAPI is generated from this table. */
export const routes = {
  'auth.guest': route({
    method: 'POST',
    path: '/auth/guest',
    tag: 'auth',
    summary: 'Become a guest, or stay the one that the cookie already is.',
    security: 'none',
    body: z.object({ displayName: DisplayName.optional() }),
    status: [201, 200],
    reply: Session,
    errors: ['invalid_text', 'too_long', 'foreign_origin', 'unsupported_media_type'],
    example: {},
    exampleReply: exampleSession,
  }),
  'auth.refresh': route({
    method: 'POST',
    path: '/auth/refresh',
    tag: 'auth',
    summary: 'Trade the refresh cookie for a new access token and the next cookie.',
    description:
      'A lost answer costs nothing: the same cookie answers the same successor until that one has been used, and for 60 s after.',
    security: 'cookie',
    status: [200],
    reply: Session,
    errors: ['unauthenticated', 'session_ended', 'foreign_origin', 'unsupported_media_type'],
    example: {},
    exampleReply: exampleSession,
  }),
  'auth.logout': route({
    method: 'POST',
    path: '/auth/logout',
    tag: 'auth',
    summary: 'End this session; its sockets are closed everywhere.',
    security: 'cookie',
    status: [204],
    errors: ['foreign_origin', 'unsupported_media_type'],
    example: {},
  }),
  'auth.register': route({
    method: 'POST',
    path: '/auth/register',
    tag: 'auth',
    summary:
      'Become a member: the guest that the token or the cookie is, with everything that is theirs, or someone new.',
    description: 'The same name and password again by the same user answer the first result.',
    security: 'none',
    body: z.object({ username: Username, password: Password }),
    status: [201, 200],
    reply: Session,
    errors: [
      'invalid_text',
      'too_long',
      'weak_password',
      'username_taken',
      'already_member',
      'unauthenticated',
      'token_expired',
      'session_ended',
      'overloaded',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { username: 'momo', password: 'correct horse battery' },
    exampleReply: exampleSession,
  }),
  'auth.login': route({
    method: 'POST',
    path: '/auth/login',
    tag: 'auth',
    summary: 'Sign in on this device. Whoever was signed in here before is signed out.',
    description:
      'Wrong names and wrong passwords cost the same time and get the same answer; several of them have to wait.',
    security: 'none',
    body: z.object({ username: z.string().max(1_024), password: z.string().max(1_024) }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'overloaded', 'foreign_origin', 'unsupported_media_type'],
    example: { username: 'momo', password: 'correct horse battery' },
    exampleReply: exampleSession,
  }),
  'auth.password': route({
    method: 'POST',
    path: '/auth/password',
    tag: 'auth',
    summary: 'Change your password; every other session ends.',
    security: 'bearer',
    body: z.object({ current: z.string().max(1_024), next: Password }),
    status: [204],
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'forbidden',
      'wrong_credentials',
      'weak_password',
      'overloaded',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { current: 'correct horse battery', next: 'staple of the month' },
  }),
  'auth.recoveryCodes': route({
    method: 'POST',
    path: '/auth/recovery-codes',
    tag: 'auth',
    summary: 'Make new recovery codes: eight of a member, one of a guest. Those before are worth nothing any more.',
    description: 'Shown once; only their hashes are kept. A member gives the password.',
    security: 'bearer',
    body: z.object({ password: z.string().max(1_024).optional() }),
    status: [201],
    reply: z.object({ codes: z.array(z.string()) }),
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'wrong_credentials',
      'overloaded',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: {},
    exampleReply: { codes: ['7KQ2-9XWT-4HJ8-ZR3V-6NFG-B1CM-S5EY'] },
  }),
  'auth.recover': route({
    method: 'POST',
    path: '/auth/recover',
    tag: 'auth',
    summary:
      'Sign in with a recovery code, which is used up. A member sets a new password, and is signed out elsewhere.',
    security: 'none',
    body: z.object({ code: z.string().max(128), password: Password.optional() }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'weak_password', 'overloaded', 'foreign_origin', 'unsupported_media_type'],
    example: { code: '7KQ2-9XWT-4HJ8-ZR3V-6NFG-B1CM-S5EY', password: 'staple of the month' },
    exampleReply: exampleSession,
  }),
  'auth.sessions': route({
    method: 'GET',
    path: '/auth/sessions',
    tag: 'auth',
    summary: 'Your signed-in devices, the latest first.',
    security: 'bearer',
    status: [200],
    reply: z.object({ items: z.array(SessionInfo) }),
    errors: ['unauthenticated', 'token_expired', 'session_ended'],
    exampleReply: {
      items: [
        {
          id: exampleId,
          label: 'Firefox, Windows',
          createdAt: '2026-01-01T12:00:00.000Z',
          lastUsedAt: '2026-01-01T12:00:00.000Z',
          isCurrent: true,
        },
      ],
    },
  }),
  'auth.endSession': route({
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    tag: 'auth',
    summary: 'Sign one of your devices out; its sockets are closed everywhere.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'not_found', 'foreign_origin'],
  }),
  'auth.endSessions': route({
    method: 'DELETE',
    path: '/auth/sessions',
    tag: 'auth',
    summary: 'Sign all of your devices out, this one too.',
    security: 'bearer',
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'foreign_origin'],
  }),
  'auth.me': route({
    method: 'GET',
    path: '/auth/me',
    tag: 'auth',
    summary: 'Who you are.',
    security: 'bearer',
    status: [200],
    reply: User,
    errors: ['unauthenticated', 'token_expired', 'session_ended'],
    exampleReply: exampleUser,
  }),
  'auth.rename': route({
    method: 'PATCH',
    path: '/auth/me',
    tag: 'auth',
    summary: 'Change your display name.',
    security: 'bearer',
    body: z.object({ displayName: DisplayName }),
    status: [200],
    reply: User,
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'invalid_text',
      'too_long',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { displayName: '小桃' },
    exampleReply: exampleUser,
  }),
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
export type RouteBody<N extends RouteName> = z.output<(typeof routes)[N]['body']>;
/** What a program sends: before defaults and normalisation. */
export type RouteBodyInput<N extends RouteName> = z.input<(typeof routes)[N]['body']>;
export type RouteReply<N extends RouteName> = z.output<(typeof routes)[N]['reply']>;
