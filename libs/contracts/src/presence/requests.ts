import * as z from 'zod';
import { User } from '../auth/resources';
import { limits } from '../limits';
import { Done, request } from '../request-row';
import { Id } from '../scalars';

/** Requests about presence. */
export const presenceRequests = {
  'presence:set': request({
    work: 'connection',
    summary: 'Hide this device from the lists of who is here, or say what is done on it.',
    payload: z
      .object({
        hidden: z.boolean().optional(),
        idle: z.boolean().optional(),
        offScreen: Id.optional().meta({
          description:
            'A room that this device has no longer on screen: it is not here any more, and goes on following.',
        }),
      })
      .refine((given) => Object.values(given).some((value) => value !== undefined), {
        message: 'give hidden, idle or offScreen',
        path: ['hidden'],
      }),
    reply: Done,
    errors: [],
  }),
  'presence:list': request({
    work: 'read',
    summary: `Who is connected here now, ${limits.presencePage} a page; for people who are here themselves.`,
    payload: z.object({ conversationId: Id, cursor: z.string().max(64).optional() }),
    reply: z.object({ items: z.array(User), nextCursor: z.string().optional(), count: z.int().min(0) }),
    errors: ['not_found', 'banned', 'forbidden'],
  }),
} as const;
