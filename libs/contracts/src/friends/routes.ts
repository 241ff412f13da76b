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
    summary: 'The one person with exactly this username, in any case.',
    security: 'bearer',
    query: z.object({ username: z.string().min(1).max(512) }),
    status: [200],
    reply: Profile,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleProfile,
  }),
  'users.profile': route({
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
  'settings.get': route({
    tag: 'people',
    summary: 'What you decided for all of your devices.',
    security: 'bearer',
    status: [200],
    reply: PersonalSettings,
    errors: [...signedIn],
    exampleReply: defaultSettings,
  }),
  'settings.change': route({
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
});
