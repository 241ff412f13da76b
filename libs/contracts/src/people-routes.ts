import { defaultSettings } from './default-settings';
import * as z from 'zod';
import { exampleId, exampleUser } from './auth-routes';
import { Conversation, Friend, Membership, NoticeLevel, PersonalSettings, Profile, User } from './resources';
import { Id, Seq, StoredTime } from './scalars';
import { intQuery, route, signedIn, written } from './route-row';

const exampleProfile: Profile = {
  user: exampleUser,
  createdAt: '2026-01-01T12:00:00.000Z',
  formerNames: [],
  mayMessage: true,
};
const exampleDirect: Conversation = {
  id: exampleId,
  kind: 'direct',
  peerId: exampleId,
  slowModeMs: 0,
  seq: 3,
  rev: 3,
  floorSeq: 0,
  readSeq: 3,
  role: 'member',
};

/** People: how they are found, how they stand to each other, and what one says to one alone. */
export const peopleRoutes = {
  'users.find': route({
    method: 'GET',
    path: '/users',
    tag: 'people',
    summary: 'The one person with exactly this username, in any case.',
    security: 'bearer',
    query: z.object({ username: z.string().min(1).max(512) }),
    status: [200],
    reply: Profile,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleProfile,
  }),
  'users.profile': route({
    method: 'GET',
    path: '/users/{id}',
    tag: 'people',
    summary: 'A person, as you see them.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [200],
    reply: Profile,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleProfile,
  }),
  'friends.list': route({
    method: 'GET',
    path: '/friends',
    tag: 'people',
    summary: 'Your friends and the requests that wait, by the id of the other one.',
    security: 'bearer',
    query: z.object({ cursor: Id.optional(), limit: intQuery(z.int().min(1).max(100)).default(50) }),
    status: [200],
    reply: z.object({ items: z.array(z.object({ friend: Friend, user: User })), nextCursor: z.string().optional() }),
    errors: [...signedIn],
    exampleReply: {
      items: [{ friend: { userId: exampleId, state: 'friend', at: '2026-01-01T12:00:00.000Z' }, user: exampleUser }],
    },
  }),
  'conversations.direct': route({
    method: 'POST',
    path: '/conversations/direct',
    tag: 'conversations',
    summary: 'The direct conversation with somebody: one per pair, ever. With yourself it is "Saved".',
    security: 'bearer',
    body: z.object({ userId: Id }),
    status: [201, 200],
    reply: Conversation,
    errors: [...written, 'not_found', 'not_accepting', 'person_gone'],
    example: { userId: exampleId },
    exampleReply: exampleDirect,
  }),
  'conversations.mark': route({
    method: 'PATCH',
    path: '/conversations/{id}/membership',
    tag: 'conversations',
    summary: 'Pin a conversation, put it away, delete it for yourself, or say how much of it you want to hear.',
    description:
      'clearedSeq only rises. What was put away, or deleted, is back in the list when something new is said. quietUntil null ends the quiet.',
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
        message: 'give at least one of isPinned, isArchived, clearedSeq, notices and quietUntil',
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
  'settings.get': route({
    method: 'GET',
    path: '/settings',
    tag: 'people',
    summary: 'What you decided for all of your devices.',
    security: 'bearer',
    status: [200],
    reply: PersonalSettings,
    errors: [...signedIn],
    exampleReply: defaultSettings,
  }),
  'settings.change': route({
    method: 'PATCH',
    path: '/settings',
    tag: 'people',
    summary: 'Change some of it.',
    security: 'bearer',
    body: PersonalSettings.partial(),
    status: [200],
    reply: PersonalSettings,
    errors: [...written],
    example: { whoMayMessage: 'anyone' },
    exampleReply: { ...defaultSettings, whoMayMessage: 'anyone' },
  }),
} as const;
