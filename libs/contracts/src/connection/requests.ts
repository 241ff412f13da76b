import * as z from 'zod';
import { request } from '../request-row';
import { ConnectionNode } from '../status/resources';

/** Requests about the connection itself. */
export const connectionRequests = {
  'connection:ping': request({
    work: 'connection',
    summary: 'Get the node that holds this connection. Answered at once: the time it takes is the round trip.',
    payload: z.object({}),
    reply: z.object({ node: ConnectionNode }),
    errors: [],
  }),
} as const;
