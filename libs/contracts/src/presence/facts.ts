import * as z from 'zod';
import { User } from '../auth/resources';
import { fact } from '../fact-row';
import { Id } from '../scalars';
import { FriendPresence, IsAtLeast } from './resources';

/** Facts about presence. */
export const presenceFacts = {
  'presence:changed': fact({
    summary:
      'Users who joined or left a room or the lobby, coalesced. Delivery is best effort; each event has the current count.',
    payload: z.object({
      conversationId: Id.optional(),
      count: z.int().min(0).meta({ description: 'Number of users who are present.' }),
      joined: z.array(Id).meta({ description: 'Some of the users who joined. `joinedCount` includes the others.' }),
      left: z.array(Id),
      joinedCount: z.int().min(0),
      leftCount: z.int().min(0),
      users: z.array(User),
      isAtLeast: IsAtLeast,
    }),
  }),
  'status:changed': fact({
    summary:
      'Presence of friends, coalesced. The first event after connecting lists all friends who are not offline, later ones only changes.',
    payload: z.object({
      friends: z.array(FriendPresence),
      isAll: z.literal(true).optional().meta({ description: 'Full list. Friends not listed are offline.' }),
      users: z.array(User).meta({ description: 'Friends whose profile has changed.' }),
    }),
  }),
} as const;
