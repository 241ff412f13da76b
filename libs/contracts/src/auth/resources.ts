import * as z from 'zod';
import { Scope } from '../route-row';
import { Id, Time } from '../scalars';

export const UserKind = z.enum(['guest', 'member', 'bot']);

/** Colour behind a user's initial. */
export const AvatarColor = z.enum(['rose', 'sky', 'lavender', 'mint', 'butter']);
export type AvatarColor = z.infer<typeof AvatarColor>;

export const User = z
  .object({
    id: Id,
    kind: UserKind,
    displayName: z.string().meta({ description: 'A guest without a name is "Guest " and the tag.', example: '小桃' }),
    profileRev: z.int().min(1).meta({ description: 'Counts changes of what others see; the higher one wins.' }),
    tag: z.string().optional().meta({ description: 'Six hex digits, unique among live guests.', example: 'e20b5f' }),
    username: z.string().optional(),
    color: AvatarColor.optional().meta({ description: 'As chosen; without one pages derive it from the id.' }),
    isGone: z.literal(true).optional().meta({ description: 'The account was deleted, or the guest forgotten.' }),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const SessionInfo = z
  .object({
    id: Id,
    label: z.string().meta({ description: 'What the device said it is.', example: 'Firefox, Windows' }),
    createdAt: Time,
    lastUsedAt: Time,
    isCurrent: z.boolean().meta({ description: 'The one that asks.' }),
  })
  .meta({ id: 'SessionInfo', description: 'One signed-in device.' });
export type SessionInfo = z.infer<typeof SessionInfo>;

export const Session = z
  .object({
    user: User,
    accessToken: z.string(),
    expiresAt: Time.meta({ description: 'When the access token ends.' }),
    refreshToken: z.string().optional().meta({
      description: 'The next refresh token, for a device that keeps no cookies; absent where a cookie has it.',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const ApiToken = z
  .object({
    id: Id,
    label: z.string().meta({ example: 'Build server' }),
    scopes: z.array(Scope),
    createdAt: Time,
    expiresAt: Time.optional().meta({ description: 'Absent: it lasts as long as the account.' }),
    lastUsedAt: Time.optional().meta({ description: 'To the minute.' }),
  })
  .meta({ id: 'ApiToken', description: 'A key with which a program acts as you, within its scopes.' });
export type ApiToken = z.infer<typeof ApiToken>;
