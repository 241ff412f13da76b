import * as z from 'zod';
import { Id, Time } from '../scalars';

export const PresenceStatus = z.enum(['online', 'idle', 'offline']);
export type PresenceStatus = z.infer<typeof PresenceStatus>;

export const FriendPresence = z
  .object({
    userId: Id,
    status: PresenceStatus.meta({ description: 'idle: nothing was done on any device for ten minutes.' }),
    lastSeenAt: Time.optional().meta({
      description: 'Offline, where both show it: when they were last here, to five minutes.',
    }),
  })
  .meta({ id: 'FriendPresence', description: 'Whether a friend is here: a latest value.' });
export type FriendPresence = z.infer<typeof FriendPresence>;
