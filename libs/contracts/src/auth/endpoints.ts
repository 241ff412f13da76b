import type { Endpoints } from '../endpoint';

/** Method and path of the routes of accounts and sessions. */
export const authEndpoints = {
  'auth.guest': 'POST /auth/guest',
  'auth.refresh': 'POST /auth/refresh',
  'auth.logout': 'POST /auth/logout',
  'auth.register': 'POST /auth/register',
  'auth.login': 'POST /auth/login',
  'auth.password': 'POST /auth/password',
  'auth.recoveryCodes': 'POST /auth/recovery-codes',
  'auth.recover': 'POST /auth/recover',
  'auth.sessions': 'GET /auth/sessions',
  'auth.endSession': 'DELETE /auth/sessions/{id}',
  'auth.endSessions': 'DELETE /auth/sessions',
  'auth.me': 'GET /auth/me',
  'auth.change': 'PATCH /auth/me',
  'auth.delete': 'DELETE /auth/me',
} as const satisfies Endpoints;

/** Method and path of the routes of API tokens. */
export const tokenEndpoints = {
  'tokens.create': 'POST /tokens',
  'tokens.list': 'GET /tokens',
  'tokens.revoke': 'DELETE /tokens/{id}',
} as const satisfies Endpoints;
