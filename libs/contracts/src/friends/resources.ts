import * as z from 'zod';
import { User } from '../auth/resources';
import { Id, Time } from '../scalars';

export const FriendState = z.enum(['none', 'sent', 'received', 'friend']);
export type FriendState = z.infer<typeof FriendState>;

export const Friend = z
  .object({
    userId: Id.meta({ description: 'The other one.' }),
    state: FriendState.meta({ description: '`sent` and `received` are requests that wait for an answer.' }),
    note: z.string().optional().meta({ description: 'What came with the request.' }),
    at: Time,
  })
  .meta({ id: 'Friend', description: 'How you and somebody stand.' });
export type Friend = z.infer<typeof Friend>;

export const Block = z
  .object({
    userId: Id,
    level: z.enum(['none', 'muted', 'blocked']).meta({
      description: 'muted: your pages fold their messages. blocked: neither reaches the other any more.',
    }),
  })
  .meta({ id: 'Block' });
export type Block = z.infer<typeof Block>;

export const PersonalSettings = z
  .object({
    whoMayMessage: z.enum(['friends', 'rooms', 'anyone']).meta({
      description:
        'Who may write to you directly, besides friends: people of a room you are in (not the lobby), or anyone.',
    }),
    acceptsRequests: z.boolean().meta({ description: 'Whether others may ask to be your friends.' }),
    appearsOffline: z.boolean().meta({
      description: 'Nobody sees that you are here, that you type, or what you have read; last seen stands still.',
    }),
    showsLastSeen: z.boolean().meta({ description: 'Friends see when you were last here, and you when they were.' }),
    sendsReceipts: z.boolean().meta({ description: 'Others see what you have read and got, and you what they have.' }),
  })
  .meta({ id: 'PersonalSettings' });
export type PersonalSettings = z.infer<typeof PersonalSettings>;

export const Profile = z
  .object({
    user: User,
    createdAt: Time,
    formerNames: z
      .array(z.object({ name: z.string(), until: Time }))
      .meta({ description: 'Names of the last 30 days, the latest first.' }),
    mayMessage: z.boolean().meta({ description: 'Whether you may write to this person directly.' }),
  })
  .meta({ id: 'Profile', description: 'A person, as you see them.' });
export type Profile = z.infer<typeof Profile>;
