import * as z from 'zod';
import { fact } from '../fact-row';

/** Facts about the connection itself. */
export const connectionFacts = {
  'server:draining': fact({
    summary: 'This server is about to stop: connect again after the given wait.',
    payload: z.object({ reconnectAfterMs: z.int().min(0) }),
  }),
} as const;
