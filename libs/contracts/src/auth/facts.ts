import * as z from 'zod';
import { fact } from '../fact-row';
import { Id } from '../scalars';

/** Facts about sessions. */
export const authFacts = {
  'session:revoked': fact({
    summary: 'This session has ended; the socket is closed after it.',
    payload: z.object({ sessionId: Id, reason: z.enum(['logged_out', 'revoked', 'reused', 'expired']) }),
  }),
} as const;
