import * as z from 'zod';
import { User } from '../auth/resources';
import { limits } from '../limits';
import { Done, request } from '../request-row';
import { Id } from '../scalars';
import { IsAtLeast } from './resources';

/** Requests about presence. */
export const presenceRequests = {
  'presence:set': request({
    work: 'connection',
    summary: 'Set the presence of this device: hidden, idle, or no longer showing a room.',
    payload: z
      .object({
        hidden: z.boolean().optional(),
        idle: z.boolean().optional(),
        offScreen: Id.optional().meta({
          description:
            'Id of a room that this device no longer shows. The device is no longer present there, but stays subscribed.',
        }),
      })
      .refine((given) => Object.values(given).some((value) => value !== undefined), {
        message: 'at least one of hidden, idle and offScreen is required',
        path: ['hidden'],
      }),
    reply: Done,
    errors: [],
  }),
  'presence:list': request({
    work: 'read',
    summary: `List the users who are present in a conversation, ${limits.presencePage} per page. Requires that you are present yourself.`,
    payload: z.object({ conversationId: Id, cursor: z.string().max(64).optional() }),
    reply: z.object({
      items: z.array(User),
      nextCursor: z.string().optional(),
      count: z.int().min(0),
      isAtLeast: IsAtLeast,
    }),
    errors: ['not_found', 'banned', 'forbidden'],
  }),
} as const;
