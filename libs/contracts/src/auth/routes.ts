import * as z from 'zod';
import { route, routesAt } from '../route-row';
import { Id } from '../scalars';
import { authEndpoints } from './endpoints';
import { exampleId, exampleUser } from './examples';
import { DisplayName, Password, Username } from './names';
import { AvatarColor, Session, SessionInfo, User } from './resources';

const withoutCookie = {
  refreshToken: z.string().max(1_024).nullable().optional().meta({
    description:
      'For a device that keeps no cookies: the refresh token of the last answer, null where there is none. The answer brings the next one instead of a cookie, and no cookie is read.',
  }),
};

const KeepsTokens = z
  .boolean()
  .optional()
  .meta({ description: 'Keep your API tokens. Without it they end with the former password.' });

const exampleSession = { user: exampleUser, accessToken: 'eyJ…', expiresAt: '2026-01-01T12:10:00.000Z' };

/** Guests, members and their sessions. */
export const authRoutes = routesAt(authEndpoints, {
  'auth.guest': route({
    tag: 'auth',
    summary: 'Become a guest, or stay the one that the cookie already is.',
    security: 'none',
    body: z.object({ displayName: DisplayName.optional(), ...withoutCookie }),
    status: [201, 200],
    reply: Session,
    errors: ['invalid_text', 'too_long', 'foreign_origin', 'unsupported_media_type'],
    example: {},
    exampleReply: exampleSession,
  }),
  'auth.refresh': route({
    tag: 'auth',
    summary: 'Trade the refresh cookie for a new access token and the next cookie.',
    description:
      'A lost answer costs nothing: the same cookie answers the same successor until that one has been used, and for 60 s after.',
    security: 'cookie',
    body: z.object(withoutCookie),
    status: [200],
    reply: Session,
    errors: ['unauthenticated', 'session_ended', 'foreign_origin', 'unsupported_media_type'],
    example: {},
    exampleReply: exampleSession,
  }),
  'auth.logout': route({
    tag: 'auth',
    summary: 'End this session; its sockets are closed everywhere.',
    security: 'cookie',
    body: z.object(withoutCookie),
    status: [204],
    errors: ['foreign_origin', 'unsupported_media_type'],
    example: {},
  }),
  'auth.register': route({
    tag: 'auth',
    summary:
      'Become a member: the guest that the token or the cookie is, with everything that is theirs, or someone new.',
    description:
      'The same name and password again by the same user answer the first result. A guest goes on with a new session: the cookie of the one before answers with it until it was used, for 60 s at most, and then ends. The guest’s recovery code and sessions on other devices end at once.',
    security: 'none',
    body: z.object({ username: Username, password: Password, ...withoutCookie }),
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
    tag: 'auth',
    summary: 'Sign in on this device. Whoever was signed in here before is signed out.',
    description:
      'Wrong names and wrong passwords cost the same time and get the same answer; several for one name have to wait. A right password leaves a cookie by which strangers’ tries don’t make its device wait.',
    security: 'none',
    body: z.object({ username: z.string().max(1_024), password: z.string().max(1_024), ...withoutCookie }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'overloaded', 'foreign_origin', 'unsupported_media_type'],
    example: { username: 'momo', password: 'correct horse battery' },
    exampleReply: exampleSession,
  }),
  'auth.password': route({
    tag: 'auth',
    summary: 'Change your password; every other session ends, and every API token unless you keep them.',
    security: 'bearer',
    body: z.object({ current: z.string().max(1_024), next: Password, keepsTokens: KeepsTokens }),
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
    tag: 'auth',
    summary:
      'Sign in with a recovery code, which is used up. A member sets a new password, and is signed out elsewhere.',
    description: 'A new password ends every session, and every API token unless you keep them.',
    security: 'none',
    body: z.object({
      code: z.string().max(128),
      password: Password.optional(),
      keepsTokens: KeepsTokens,
      ...withoutCookie,
    }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'weak_password', 'overloaded', 'foreign_origin', 'unsupported_media_type'],
    example: { code: '7KQ2-9XWT-4HJ8-ZR3V-6NFG-B1CM-S5EY', password: 'staple of the month' },
    exampleReply: exampleSession,
  }),
  'auth.sessions': route({
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
    tag: 'auth',
    summary: 'Sign one of your devices out; its sockets are closed everywhere.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'not_found', 'foreign_origin'],
  }),
  'auth.endSessions': route({
    tag: 'auth',
    summary: 'Sign all of your devices out, this one too.',
    security: 'bearer',
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'foreign_origin'],
  }),
  'auth.me': route({
    tag: 'auth',
    summary: 'Who you are.',
    security: 'bearer',
    status: [200],
    reply: User,
    errors: ['unauthenticated', 'token_expired', 'session_ended'],
    exampleReply: exampleUser,
  }),
  'auth.change': route({
    tag: 'auth',
    summary: 'Change your display name, or the colour behind your initial.',
    description:
      'A guest may choose five names in all, a member two a day; a member’s former names show on the profile.',
    security: 'bearer',
    body: z
      .object({ displayName: DisplayName.optional(), color: AvatarColor.optional() })
      .refine(({ displayName, color }) => displayName !== undefined || color !== undefined, {
        message: 'give displayName or color',
        path: ['displayName'],
      }),
    status: [200],
    reply: User,
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'invalid_text',
      'too_long',
      'renamed_too_often',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { displayName: '小桃', color: 'mint' },
    exampleReply: exampleUser,
  }),
  'auth.delete': route({
    tag: 'auth',
    summary: 'Delete your account: name, friends, drafts and devices go at once, and for ever.',
    description: 'What you said stays where you said it, as of a deleted user. A member gives the password.',
    security: 'bearer',
    body: z.object({ password: z.string().max(1_024).optional() }),
    status: [204],
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'wrong_credentials',
      'overloaded',
      'foreign_origin',
      'unsupported_media_type',
    ],
  }),
});
