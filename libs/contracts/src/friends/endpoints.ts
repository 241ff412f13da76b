import type { Endpoints } from '../endpoint';

/** Method and path of the routes of profiles, friends and personal settings. */
export const friendEndpoints = {
  'users.find': 'GET /users',
  'users.profile': 'GET /users/{id}',
  'friends.list': 'GET /friends',
  'conversations.direct': 'POST /conversations/direct',
  'settings.get': 'GET /settings',
  'settings.change': 'PATCH /settings',
} as const satisfies Endpoints;
