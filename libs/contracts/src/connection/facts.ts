import * as z from 'zod';
import { fact } from '../fact-row';

/** Facts about the connection itself. */
export const connectionFacts = {
  'server:draining': fact({
    summary: 'The server is shutting down. Reconnect after reconnectAfterMs.',
    payload: z.object({ reconnectAfterMs: z.int().min(0) }),
  }),
} as const;
