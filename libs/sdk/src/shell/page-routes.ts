import type { RouteName } from '@cloudhop/contracts';

/**
 * The routes that a page asks, as method and path: a copy, because the contract's table would bring every schema of the
 * API along. A spec holds the two together.
 */
export const pageRoutes = {
  'auth.guest': 'POST /auth/guest',
  'auth.refresh': 'POST /auth/refresh',
  'auth.logout': 'POST /auth/logout',
  'auth.register': 'POST /auth/register',
  'auth.login': 'POST /auth/login',
  'auth.recover': 'POST /auth/recover',
  'auth.recoveryCodes': 'POST /auth/recovery-codes',
  'auth.password': 'POST /auth/password',
  'auth.sessions': 'GET /auth/sessions',
  'auth.endSession': 'DELETE /auth/sessions/{id}',
  'auth.endSessions': 'DELETE /auth/sessions',
  'auth.change': 'PATCH /auth/me',
  'auth.delete': 'DELETE /auth/me',
  'users.find': 'GET /users',
  'users.profile': 'GET /users/{id}',
  'conversations.direct': 'POST /conversations/direct',
  'conversations.mark': 'PATCH /conversations/{id}/membership',
  'settings.change': 'PATCH /settings',
  'groups.create': 'POST /groups',
  'groups.change': 'PATCH /groups/{id}',
  'groups.add': 'POST /groups/{id}/members',
  'groups.remove': 'DELETE /groups/{id}/members/{userId}',
  'groups.join': 'POST /groups/{id}/join',
  'groups.leave': 'POST /groups/{id}/leave',
  'groups.handOver': 'PUT /groups/{id}/owner',
} as const satisfies Partial<Record<RouteName, string>>;
