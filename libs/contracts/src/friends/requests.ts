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
      'Ask somebody to be friends, by id or by username. If they have asked you already, you are friends at once.',
    payload: z
      .object({ userId: Id.optional(), username: z.string().min(1).max(512).optional(), note: Note.optional() })
      .refine(({ userId, username }) => (userId === undefined) !== (username === undefined), {
        message: 'give userId or username',
        path: ['userId'],
      }),
    reply: z.object({ friend: Friend, user: User }),
    errors: ['invalid_text', 'too_long', 'not_found', 'not_accepting', 'limit_reached'],
  }),
  'friend:accept': friendRequest('Accept a friend request. Idempotent.', ['not_found', 'limit_reached']),
  'friend:decline': friendRequest('Decline a request; who asked is not told, and can ask again in a week.', []),
  'friend:withdraw': friendRequest('Take your request back.', []),
  'friend:remove': friendRequest('Be friends no longer.', []),
  'user:block': blockRequest('Nothing of either reaches the other any more. They are not told.'),
  'user:unblock': blockRequest('End a block.'),
  'user:mute': blockRequest('Fold the messages of somebody, for yourself only.'),
  'user:unmute': blockRequest('End a mute.'),
} as const;
