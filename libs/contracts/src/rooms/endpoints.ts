import type { Endpoints } from '../endpoint';

/** Method and path of the routes of rooms. */
export const roomEndpoints = {
  'rooms.create': 'POST /rooms',
  'rooms.list': 'GET /rooms',
  'rooms.get': 'GET /rooms/{slug}',
  'rooms.change': 'PATCH /rooms/{slug}',
  'rooms.join': 'POST /rooms/{slug}/join',
  'rooms.leave': 'POST /rooms/{slug}/leave',
  'rooms.members': 'GET /rooms/{slug}/members',
  'rooms.invite': 'POST /rooms/{slug}/members',
  'rooms.changeMember': 'PATCH /rooms/{slug}/members/{userId}',
  'rooms.removeMember': 'DELETE /rooms/{slug}/members/{userId}',
  'rooms.handOver': 'PUT /rooms/{slug}/owner',
  'rooms.createInvite': 'POST /rooms/{slug}/invites',
  'rooms.invites': 'GET /rooms/{slug}/invites',
  'rooms.revokeInvite': 'DELETE /rooms/{slug}/invites/{inviteId}',
  'rooms.messages': 'GET /rooms/{slug}/messages',
  'rooms.send': 'POST /rooms/{slug}/messages',
} as const satisfies Endpoints;
