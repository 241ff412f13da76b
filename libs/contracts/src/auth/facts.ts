import * as z from 'zod';
import { fact } from '../fact-row';
import { Id } from '../scalars';

/** Facts about sessions. */
export const authFacts = {
  'session:revoked': fact({
    summary: 'The session has ended. The server closes the socket after this event.',
    payload: z.object({ sessionId: Id, reason: z.enum(['logged_out', 'revoked', 'reused', 'expired']) }),
  }),
} as const;
