import * as z from 'zod';
import { User } from '../auth/resources';
import { Id, Time } from '../scalars';

export const FriendState = z.enum(['none', 'sent', 'received', 'friend']);
export type FriendState = z.infer<typeof FriendState>;

export const Friend = z
  .object({
    userId: Id.meta({ description: 'Id of the other user.' }),
    state: FriendState.meta({ description: 'State of the friendship. `sent` and `received` are pending requests.' }),
    note: z.string().optional().meta({ description: 'Note of the friend request.' }),
    at: Time,
  })
  .meta({ id: 'Friend', description: 'Friendship between you and another user.' });
export type Friend = z.infer<typeof Friend>;

export const Block = z
  .object({
    userId: Id,
    level: z.enum(['none', 'muted', 'blocked']).meta({
      description: '`muted`: your clients collapse their messages. `blocked`: neither user can reach the other.',
    }),
  })
  .meta({ id: 'Block' });
export type Block = z.infer<typeof Block>;

export const PersonalSettings = z
  .object({
    whoMayMessage: z.enum(['friends', 'rooms', 'anyone']).meta({
      description:
        'Users who can send you direct messages: `friends` only; `rooms`, which adds members of your rooms (not the lobby); or `anyone`.',
    }),
    acceptsRequests: z.boolean().meta({ description: 'True if other users can send you friend requests.' }),
    appearsOffline: z.boolean().meta({
      description:
        'Hides your presence, typing state and read marks from everyone. Your last-seen time is not updated.',
    }),
    showsLastSeen: z
      .boolean()
      .meta({ description: 'Shares last-seen times between you and your friends, in both directions.' }),
    sendsReceipts: z
      .boolean()
      .meta({ description: 'Shares read and delivery marks between you and others, in both directions.' }),
  })
  .meta({ id: 'PersonalSettings' });
export type PersonalSettings = z.infer<typeof PersonalSettings>;

export const Profile = z
  .object({
    user: User,
    createdAt: Time,
    formerNames: z
      .array(z.object({ name: z.string(), until: Time }))
      .meta({ description: 'Former display names of the last 30 days, most recent first.' }),
    mayMessage: z.boolean().meta({ description: 'True if you can send direct messages to this user.' }),
  })
  .meta({ id: 'Profile', description: 'A user, as visible to you.' });
export type Profile = z.infer<typeof Profile>;
