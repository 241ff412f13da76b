import * as z from 'zod';
import { exampleId, exampleUser } from '../auth/examples';
import { User } from '../auth/resources';
import { Conversation } from '../conversations/conversation';
import { intQuery, route, routesAt, signedIn, written } from '../route-row';
import { Id } from '../scalars';
import { defaultSettings } from './default-settings';
import { friendEndpoints } from './endpoints';
import { Friend, PersonalSettings, Profile } from './resources';

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

/** Profiles, friends, direct conversations and personal settings. */
export const friendRoutes = routesAt(friendEndpoints, {
  'users.find': route({
    tag: 'people',
    summary: 'Get a user by exact username, ignoring case.',
    security: 'bearer',
    query: z.object({ username: z.string().min(1).max(512) }),
    status: [200],
    reply: Profile,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleProfile,
  }),
  'users.profile': route({
    tag: 'people',
    summary: 'Get the profile of a user, as visible to you.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [200],
    reply: Profile,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleProfile,
  }),
  'friends.list': route({
    tag: 'people',
    summary: 'List your friends and pending friend requests, ordered by user id.',
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
    tag: 'conversations',
    summary:
      'Get or create the direct conversation with a user. There is one per pair of users; the one with yourself is "Saved".',
    security: 'bearer',
    body: z.object({ userId: Id }),
    status: [201, 200],
    reply: Conversation,
    errors: [...written, 'not_found', 'not_accepting', 'person_gone'],
    example: { userId: exampleId },
    exampleReply: exampleDirect,
  }),
  'settings.get': route({
    tag: 'people',
    summary: 'Get your personal settings. They apply to all of your devices.',
    security: 'bearer',
    status: [200],
    reply: PersonalSettings,
    errors: [...signedIn],
    exampleReply: defaultSettings,
  }),
  'settings.change': route({
    tag: 'people',
    summary: 'Update your personal settings.',
    security: 'bearer',
    body: PersonalSettings.partial(),
    status: [200],
    reply: PersonalSettings,
    errors: [...written],
    example: { whoMayMessage: 'anyone' },
    exampleReply: { ...defaultSettings, whoMayMessage: 'anyone' },
  }),
});
