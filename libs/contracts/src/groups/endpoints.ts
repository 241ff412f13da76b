import type { Endpoints } from '../endpoint';

/** Method and path of the routes of groups. */
export const groupEndpoints = {
  'groups.create': 'POST /groups',
  'groups.change': 'PATCH /groups/{id}',
  'groups.members': 'GET /groups/{id}/members',
  'groups.add': 'POST /groups/{id}/members',
  'groups.remove': 'DELETE /groups/{id}/members/{userId}',
  'groups.join': 'POST /groups/{id}/join',
  'groups.leave': 'POST /groups/{id}/leave',
  'groups.handOver': 'PUT /groups/{id}/owner',
} as const satisfies Endpoints;
