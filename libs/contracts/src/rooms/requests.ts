import * as z from 'zod';
import { Conversation } from '../conversations/conversation';
import { Done, request } from '../request-row';
import { InviteToken, RoomKey } from './slugs';

/** Requests about rooms. */
export const roomRequests = {
  'room:join': request({
    work: 'write',
    summary: 'Enter a room by its slug or id; a private one by an invitation. Idempotent.',
    payload: z.object({ slug: RoomKey, invite: InviteToken.optional() }),
    reply: Conversation,
    errors: ['not_found', 'banned', 'members_only', 'archived', 'invite_ended', 'limit_reached'],
  }),
  'room:leave': request({
    work: 'write',
    summary:
      'Leave a room, or decline an invitation. An owner who leaves is followed by whoever has been there longest.',
    payload: z.object({ slug: RoomKey }),
    reply: Done,
    errors: ['not_found'],
  }),
} as const;
