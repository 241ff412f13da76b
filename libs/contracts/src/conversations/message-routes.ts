import * as z from 'zod';
import { exampleId, exampleUser } from '../auth/examples';
import { User } from '../auth/resources';
import { limits } from '../limits';
import { intQuery, route, routesAt, signedIn, written } from '../route-row';
import { ClientId, Id, Seq, Time } from '../scalars';
import { messageEndpoints } from './endpoints';
import { exampleMessage, exampleMessagePage } from './examples';
import { ExpiredMessage, Message, MessageEdit, Reaction } from './messages';
import { MessagePage, SearchPage } from './pages';
import { Sending } from './replies';
import { conversationRequests } from './requests';
import { Body, Emoji } from './text';

/** Query of lists with few items that can be large in bytes. */
const CursorQuery = z.object({ cursor: z.string().max(64).optional() });

const NextCursor = z
  .string()
  .optional()
  .meta({ description: 'Cursor of the next page. Absent on the last one. Pages are also limited in bytes.' });

/** Query of a page of messages. */
export const PageQuery = z
  .object({
    before: intQuery(Seq).optional(),
    after: intQuery(Seq).optional(),
    around: intQuery(Seq).optional(),
    limit: intQuery(z.int().min(1).max(limits.historyPage)).default(limits.openPage),
  })
  .refine(({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length <= 1, {
    message: 'must not be combined: use only one of before, after and around',
    path: ['before'],
  });

/** Parts that all routes which send a message have in common. */
export const sending = {
  work: 'commit',
  tag: 'messages',
  security: 'bearer',
  scope: 'messages:write',
  isKeyed: true,
  description:
    'Idempotent with an `id` in the body or an `Idempotency-Key` header: a retry returns 200 and the first result. A key that is not a UUIDv7 is converted to one, derived from sender, conversation and key.',
  body: z.object({ id: ClientId.optional(), body: Body, ...Sending.shape }),
  status: [201, 200],
  reply: z.union([Message, ExpiredMessage]),
  example: { body: 'Build 412 is green ✅' },
  exampleReply: exampleMessage,
} as const;

export const sendErrors = [...written, ...conversationRequests['message:send'].errors] as const;

const PersonReaction = z.object({ userId: Id, emoji: Reaction.shape.emoji });

const oneMessage = z.object({ id: Id, messageId: ClientId });

const changed = {
  work: 'commit',
  tag: 'messages',
  security: 'bearer',
  scope: 'messages:write',
  status: [200],
  reply: Message,
} as const;

/** Reading, searching and changing messages. */
export const messageRoutes = routesAt(messageEndpoints, {
  'messages.list': route({
    tag: 'messages',
    summary: 'List messages: the latest, or those before, after or around a seq.',
    security: 'bearer',
    scope: 'messages:read',
    params: z.object({ id: Id }),
    query: PageQuery,
    status: [200],
    reply: MessagePage,
    errors: [...signedIn, 'not_found', 'banned'],
    exampleReply: exampleMessagePage,
  }),
  'messages.send': route({
    ...sending,
    summary: 'Send a message.',
    params: z.object({ id: Id }),
    errors: sendErrors,
  }),
  'messages.edit': route({
    ...changed,
    summary: conversationRequests['message:edit'].summary,
    params: oneMessage,
    body: z.object({ body: Body, editId: ClientId.optional() }),
    errors: [...written, ...conversationRequests['message:edit'].errors],
    example: { body: 'Build 412 is green ✅ (at last)' },
    exampleReply: exampleMessage,
  }),
  'messages.delete': route({
    ...changed,
    summary: conversationRequests['message:delete'].summary,
    params: oneMessage,
    errors: [...written, ...conversationRequests['message:delete'].errors],
    exampleReply: { ...exampleMessage, body: '', deletedAt: '2026-01-01T12:01:00.000Z', reactions: [] },
  }),
  'messages.react': route({
    ...changed,
    summary: conversationRequests['message:react'].summary,
    params: oneMessage,
    body: z.object({ emoji: Emoji, on: z.boolean() }),
    errors: [...written, ...conversationRequests['message:react'].errors],
    example: { emoji: '🎉', on: true },
    exampleReply: exampleMessage,
  }),
  'messages.edits': route({
    tag: 'messages',
    summary: 'List the previous texts of a message. Only for its author and for moderators.',
    security: 'bearer',
    scope: 'messages:read',
    params: oneMessage,
    query: CursorQuery,
    status: [200],
    reply: z.object({
      items: z.array(MessageEdit).meta({ description: 'The latest text first, which is the one that shows.' }),
      users: z.array(User),
      nextCursor: NextCursor,
    }),
    errors: [...signedIn, 'not_found', 'banned', 'forbidden'],
    exampleReply: {
      items: [
        { userId: exampleId, body: 'Build 412 is green ✅ (at last)', at: '2026-01-01T12:01:00.000Z' },
        { userId: exampleId, body: 'Build 412 is green ✅', at: '2026-01-01T12:00:00.000Z' },
      ],
      users: [exampleUser],
    },
  }),
  'messages.reactions': route({
    tag: 'messages',
    summary: 'List the reactions to a message with their users, 50 per page.',
    security: 'bearer',
    scope: 'messages:read',
    params: oneMessage,
    query: z.object({ emoji: Emoji.optional(), cursor: z.string().max(64).optional() }),
    status: [200],
    reply: z.object({
      items: z.array(PersonReaction).meta({ description: 'Most recent first.' }),
      users: z.array(User),
      nextCursor: z.string().optional(),
    }),
    errors: [...signedIn, 'not_found', 'banned'],
    exampleReply: { items: [{ userId: exampleId, emoji: '🎉' }], users: [exampleUser] },
  }),
  'messages.seek': route({
    tag: 'messages',
    summary: 'Find the first message at or after a time, or the latest message if there is none.',
    security: 'bearer',
    scope: 'messages:read',
    params: z.object({ id: Id }),
    query: z.object({ at: Time }),
    status: [200],
    reply: z.object({
      seq: Seq.optional().meta({ description: 'Seq of the message. Absent if the conversation has no messages.' }),
    }),
    errors: [...signedIn, 'not_found', 'banned'],
    exampleReply: { seq: 40 },
  }),
  'messages.pin': route({
    ...changed,
    summary: conversationRequests['message:pin'].summary,
    params: oneMessage,
    body: z.object({ on: z.boolean() }),
    errors: [...written, ...conversationRequests['message:pin'].errors],
    example: { on: true },
    exampleReply: { ...exampleMessage, pinnedAt: '2026-01-01T12:01:00.000Z' },
  }),
  'messages.pinned': route({
    tag: 'messages',
    summary: 'List the pinned messages of a conversation, most recently pinned first. At most 50.',
    security: 'bearer',
    scope: 'messages:read',
    params: z.object({ id: Id }),
    query: CursorQuery,
    status: [200],
    reply: z.object({ items: z.array(Message), users: z.array(User), nextCursor: NextCursor }),
    errors: [...signedIn, 'not_found', 'banned'],
    exampleReply: { items: [{ ...exampleMessage, pinnedAt: '2026-01-01T12:01:00.000Z' }], users: [exampleUser] },
  }),
  'messages.search': route({
    tag: 'messages',
    summary: 'Search messages in all of your conversations, or in one of them.',
    description:
      'Matches messages that contain all words. Han, Kana and Hangul also match parts of words; "quoted text" matches exactly. Operators: `from:` with a username, a tag or `me`; `in:` with a slug, a title, `lobby` or `@username`; `before:` and `after:` with a date (2026-01-31); `has:` with `link` or `pin`.',
    security: 'bearer',
    scope: 'messages:read',
    query: z.object({
      q: z.string().min(1).max(limits.searchCharacters),
      conversationId: Id.optional(),
      cursor: z.string().max(64).optional(),
      limit: intQuery(z.int().min(1).max(limits.searchPageMax)).default(limits.searchPage),
    }),
    status: [200],
    reply: SearchPage,
    errors: [...signedIn, 'not_found', 'banned'],
    exampleReply: {
      items: [{ message: exampleMessage, excerpt: { text: exampleMessage.body, marks: [{ from: 0, to: 3 }] } }],
      users: [exampleUser],
    },
  }),
});
