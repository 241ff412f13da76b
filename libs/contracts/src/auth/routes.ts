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
      'For clients without cookies: the refresh token of the previous response, or null if there is none. The response then contains the next refresh token instead of setting a cookie, and request cookies are ignored.',
  }),
};

const KeepsTokens = z
  .boolean()
  .optional()
  .meta({ description: 'True to keep your API tokens. Otherwise they are revoked.' });

const exampleSession = { user: exampleUser, accessToken: 'eyJ…', expiresAt: '2026-01-01T12:10:00.000Z' };

/** Guests, members and their sessions. */
export const authRoutes = routesAt(authEndpoints, {
  'auth.guest': route({
    tag: 'auth',
    summary: 'Create a guest, or continue as the guest of the refresh cookie.',
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
    summary: 'Exchange the refresh token for a new access token and the next refresh token.',
    description:
      'Safe to retry: the same refresh token returns the same successor until the successor has been used, and for 60 s afterwards.',
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
    summary: 'Log out of the current session and close its sockets.',
    security: 'cookie',
    body: z.object(withoutCookie),
    status: [204],
    errors: ['foreign_origin', 'unsupported_media_type'],
    example: {},
  }),
  'auth.register': route({
    tag: 'auth',
    summary: 'Register an account. A guest, identified by the access token or the cookie, keeps everything they have.',
    description:
      'Idempotent: the same user, username and password return the first result. A guest receives a new session. The refresh token of the guest session returns the new session until that one has been used, for at most 60 s, and is then revoked. The guest’s recovery code and sessions on other devices are revoked immediately.',
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
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { username: 'momo', password: 'correct horse battery' },
    exampleReply: exampleSession,
  }),
  'auth.login': route({
    tag: 'auth',
    summary: 'Log in on this device. Any previous session on this device ends.',
    description:
      'An unknown username and a wrong password take the same time and return the same error. Repeated failures for one username are rate limited. A successful login sets a device cookie, so that failed attempts by others do not delay this device.',
    security: 'none',
    body: z.object({ username: z.string().max(1_024), password: z.string().max(1_024), ...withoutCookie }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'foreign_origin', 'unsupported_media_type'],
    example: { username: 'momo', password: 'correct horse battery' },
    exampleReply: exampleSession,
  }),
  'auth.password': route({
    tag: 'auth',
    summary: 'Change your password. Revokes all other sessions, and all API tokens unless keepsTokens is true.',
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
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: { current: 'correct horse battery', next: 'staple of the month' },
  }),
  'auth.recoveryCodes': route({
    tag: 'auth',
    summary: 'Create recovery codes: eight for a member, one for a guest. Invalidates the previous ones.',
    description:
      'The codes are returned only once; the server stores their hashes. Members must provide their password.',
    security: 'bearer',
    body: z.object({ password: z.string().max(1_024).optional() }),
    status: [201],
    reply: z.object({ codes: z.array(z.string()) }),
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'wrong_credentials',
      'foreign_origin',
      'unsupported_media_type',
    ],
    example: {},
    exampleReply: { codes: ['7KQ2-9XWT-4HJ8-ZR3V-6NFG-B1CM-S5EY'] },
  }),
  'auth.recover': route({
    tag: 'auth',
    summary: 'Log in with a recovery code. The code can be used only once. Members must set a new password.',
    description: 'Setting a new password revokes all other sessions, and all API tokens unless keepsTokens is true.',
    security: 'none',
    body: z.object({
      code: z.string().max(128),
      password: Password.optional(),
      keepsTokens: KeepsTokens,
      ...withoutCookie,
    }),
    status: [200],
    reply: Session,
    errors: ['wrong_credentials', 'weak_password', 'foreign_origin', 'unsupported_media_type'],
    example: { code: '7KQ2-9XWT-4HJ8-ZR3V-6NFG-B1CM-S5EY', password: 'staple of the month' },
    exampleReply: exampleSession,
  }),
  'auth.sessions': route({
    tag: 'auth',
    summary: 'List your sessions, most recently used first.',
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
    summary: 'Revoke one of your sessions and close its sockets.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'not_found', 'foreign_origin'],
  }),
  'auth.endSessions': route({
    tag: 'auth',
    summary: 'Revoke all of your sessions, including the current one.',
    security: 'bearer',
    status: [204],
    errors: ['unauthenticated', 'token_expired', 'session_ended', 'foreign_origin'],
  }),
  'auth.me': route({
    tag: 'auth',
    summary: 'Get the authenticated user.',
    security: 'bearer',
    status: [200],
    reply: User,
    errors: ['unauthenticated', 'token_expired', 'session_ended'],
    exampleReply: exampleUser,
  }),
  'auth.change': route({
    tag: 'auth',
    summary: 'Update your display name or avatar colour.',
    description:
      'Guests can choose five display names in total, members two per day. The profile of a member lists former names.',
    security: 'bearer',
    body: z
      .object({ displayName: DisplayName.optional(), color: AvatarColor.optional() })
      .refine(({ displayName, color }) => displayName !== undefined || color !== undefined, {
        message: 'displayName or color is required',
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
    summary: 'Delete your account. Your name, friends, drafts and sessions are deleted immediately and permanently.',
    description: 'Your messages remain, attributed to a deleted user. Members must provide their password.',
    security: 'bearer',
    body: z.object({ password: z.string().max(1_024).optional() }),
    status: [204],
    errors: [
      'unauthenticated',
      'token_expired',
      'session_ended',
      'wrong_credentials',
      'foreign_origin',
      'unsupported_media_type',
    ],
  }),
});
