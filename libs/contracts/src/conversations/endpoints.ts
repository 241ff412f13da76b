import type { Endpoints } from '../endpoint';

/** Method and path of the routes of the list of conversations. */
export const conversationEndpoints = {
  'conversations.list': 'GET /conversations',
  'conversations.mark': 'PATCH /conversations/{id}/membership',
} as const satisfies Endpoints;

/** Method and path of the routes of messages. */
export const messageEndpoints = {
  'messages.list': 'GET /conversations/{id}/messages',
  'messages.send': 'POST /conversations/{id}/messages',
  'messages.edit': 'PATCH /conversations/{id}/messages/{messageId}',
  'messages.delete': 'DELETE /conversations/{id}/messages/{messageId}',
  'messages.react': 'PUT /conversations/{id}/messages/{messageId}/reactions',
  'messages.edits': 'GET /conversations/{id}/messages/{messageId}/edits',
  'messages.reactions': 'GET /conversations/{id}/messages/{messageId}/reactions',
  'messages.seek': 'GET /conversations/{id}/seek',
  'messages.pin': 'PUT /conversations/{id}/messages/{messageId}/pin',
  'messages.pinned': 'GET /conversations/{id}/pins',
  'messages.search': 'GET /search',
} as const satisfies Endpoints;
