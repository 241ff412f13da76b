import * as z from 'zod';
import { exampleId } from '../auth/examples';
import { User } from '../auth/resources';
import { intQuery, route, routesAt, signedIn, written } from '../route-row';
import { Id, Seq, StoredTime } from '../scalars';
import { Conversation } from './conversation';
import { conversationEndpoints } from './endpoints';
import { NoticeLevel } from './fields';
import { Membership } from './members';

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

/** The list of conversations and their place in it. */
export const conversationRoutes = routesAt(conversationEndpoints, {
  'conversations.list': route({
    tag: 'conversations',
    summary: 'List your conversations, including the lobby.',
    security: 'bearer',
    scope: 'messages:read',
    query: z.object({ cursor: z.string().max(64).optional(), limit: intQuery(z.int().min(1).max(100)).default(50) }),
    status: [200],
    reply: z.object({
      items: z.array(Conversation),
      users: z.array(User).meta({ description: 'Authors of the latest messages.' }),
      nextCursor: z.string().optional(),
    }),
    errors: signedIn,
    exampleReply: { items: [exampleConversation], users: [] },
  }),
  'conversations.mark': route({
    tag: 'conversations',
    summary: 'Pin, archive, clear or mute a conversation for yourself.',
    description:
      'clearedSeq only increases. An archived or cleared conversation returns to the list when a new message arrives. Set quietUntil to null to unmute.',
    security: 'bearer',
    params: z.object({ id: Id }),
    body: z
      .object({
        isPinned: z.boolean().optional(),
        isArchived: z.boolean().optional(),
        clearedSeq: Seq.optional(),
        notices: NoticeLevel.optional(),
        quietUntil: StoredTime.nullable().optional(),
      })
      .refine((body) => Object.values(body).some((value) => value !== undefined), {
        message: 'at least one of isPinned, isArchived, clearedSeq, notices and quietUntil is required',
        path: ['isPinned'],
      }),
    status: [200],
    reply: Membership,
    errors: [...written, 'not_found', 'limit_reached'],
    example: { isPinned: true },
    exampleReply: {
      conversationId: exampleId,
      role: 'member',
      state: 'joined',
      readSeq: 3,
      pinnedAt: '2026-01-01T12:00:00.000Z',
    },
  }),
});
