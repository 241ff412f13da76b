import * as z from 'zod';
import { Conversation } from '../conversations/conversation';
import { Done, request } from '../request-row';
import { InviteToken, RoomKey } from './slugs';

/** Requests about rooms. */
export const roomRequests = {
  'room:join': request({
    work: 'write',
    summary: 'Join a room by slug or id. Private rooms require an invitation. Idempotent.',
    payload: z.object({ slug: RoomKey, invite: InviteToken.optional() }),
    reply: Conversation,
    errors: ['not_found', 'banned', 'members_only', 'archived', 'invite_ended', 'limit_reached'],
  }),
  'room:leave': request({
    work: 'write',
    summary:
      'Leave a room, or decline an invitation. If the owner leaves, the longest-standing moderator, else member, becomes the owner.',
    payload: z.object({ slug: RoomKey }),
    reply: Done,
    errors: ['not_found'],
  }),
} as const;
