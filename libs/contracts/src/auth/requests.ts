import * as z from 'zod';
import { limits } from '../limits';
import { request } from '../request-row';
import { Id, Time } from '../scalars';
import { User } from './resources';

/** Requests about sessions and users. */
export const authRequests = {
  'session:renew': request({
    work: 'connection',
    summary: 'Give the socket a new access token before the current one expires.',
    payload: z.object({ token: z.string().max(4096) }),
    reply: z.object({ expiresAt: Time }),
    errors: ['unauthenticated', 'token_expired', 'forbidden'],
  }),
  'user:lookup': request({
    work: 'read',
    summary: 'Get the listed users whose profileRev is higher than the one given.',
    payload: z.object({
      users: z
        .array(z.object({ id: Id, profileRev: z.int().min(0).default(0) }))
        .min(1)
        .max(limits.lookupUsers),
    }),
    reply: z.object({ users: z.array(User) }),
    errors: [],
  }),
} as const;
