import * as z from 'zod';
import { Id, Time } from '../scalars';

export const PresenceStatus = z.enum(['online', 'idle', 'offline']);
export type PresenceStatus = z.infer<typeof PresenceStatus>;

/** Mark of a count that may be too low. */
export const IsAtLeast = z.literal(true).optional().meta({
  description:
    'The server can’t reach the other servers at the moment: at least so many users are present, and maybe more.',
});

export const FriendPresence = z
  .object({
    userId: Id,
    status: PresenceStatus.meta({ description: '`idle`: no activity on any device for ten minutes.' }),
    lastSeenAt: Time.optional().meta({
      description: 'Last-seen time, to five minutes. Present if the friend is offline and both of you share it.',
    }),
  })
  .meta({ id: 'FriendPresence', description: 'Presence of a friend.' });
export type FriendPresence = z.infer<typeof FriendPresence>;
