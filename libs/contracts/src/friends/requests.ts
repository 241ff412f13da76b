import * as z from 'zod';
import { User } from '../auth/resources';
import type { ErrorCode } from '../errors';
import { request } from '../request-row';
import { Id } from '../scalars';
import { Note } from './note';
import { Block, Friend } from './resources';

const friendRequest = (summary: string, errors: readonly ErrorCode[]) =>
  request({ work: 'write', summary, payload: z.object({ userId: Id }), reply: z.object({ friend: Friend }), errors });

const blockRequest = (summary: string) =>
  request({
    work: 'write',
    summary,
    payload: z.object({ userId: Id }),
    reply: z.object({ block: Block }),
    errors: ['not_found', 'limit_reached'],
  });

/** Requests about friends, blocks and mutes. */
export const friendRequests = {
  'friend:request': request({
    work: 'write',
    summary:
      'Send a friend request, by user id or username. If the other user has already sent one, you become friends immediately.',
    payload: z
      .object({ userId: Id.optional(), username: z.string().min(1).max(512).optional(), note: Note.optional() })
      .refine(({ userId, username }) => (userId === undefined) !== (username === undefined), {
        message: 'exactly one of userId and username is required',
        path: ['userId'],
      }),
    reply: z.object({ friend: Friend, user: User }),
    errors: ['invalid_text', 'too_long', 'not_found', 'not_accepting', 'limit_reached'],
  }),
  'friend:accept': friendRequest('Accept a friend request. Idempotent.', ['not_found', 'limit_reached']),
  'friend:decline': friendRequest(
    'Decline a friend request. The sender is not notified and can send another one after a week.',
    [],
  ),
  'friend:withdraw': friendRequest('Withdraw a friend request that you sent.', []),
  'friend:remove': friendRequest('Remove a friend.', []),
  'user:block': blockRequest('Block a user. Neither of you can reach the other. The user is not notified.'),
  'user:unblock': blockRequest('Unblock a user.'),
  'user:mute': blockRequest('Mute a user: collapse their messages, for yourself only.'),
  'user:unmute': blockRequest('Unmute a user.'),
} as const;
