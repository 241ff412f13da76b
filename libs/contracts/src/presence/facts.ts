import * as z from 'zod';
import { User } from '../auth/resources';
import { fact } from '../fact-row';
import { Id } from '../scalars';
import { FriendPresence } from './resources';

/** Facts about presence. */
export const presenceFacts = {
  'presence:changed': fact({
    summary: 'Who came and went here, coalesced. A latest value: it may be dropped, the next one is complete.',
    payload: z.object({
      conversationId: Id.optional(),
      count: z.int().min(0).meta({ description: 'How many are here now.' }),
      joined: z.array(Id).meta({ description: 'Some of those who came; joinedCount says how many did.' }),
      left: z.array(Id),
      joinedCount: z.int().min(0),
      leftCount: z.int().min(0),
      users: z.array(User),
    }),
  }),
  'status:changed': fact({
    summary: 'Whether friends are here, coalesced: after connecting of all, then of those of whom it changed.',
    payload: z.object({
      friends: z.array(FriendPresence),
      isAll: z.literal(true).optional().meta({ description: 'Whoever is not among them is offline.' }),
      users: z.array(User).meta({ description: 'Those of them who look different now.' }),
    }),
  }),
} as const;
