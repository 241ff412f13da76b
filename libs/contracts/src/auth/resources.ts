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
    displayName: z
      .string()
      .meta({ description: 'Display name. For a guest without one: "Guest " followed by the tag.', example: '小桃' }),
    profileRev: z.int().min(1).meta({ description: 'Version of the public profile. The higher one is the newer.' }),
    tag: z
      .string()
      .optional()
      .meta({ description: 'Six hexadecimal digits, unique among active guests.', example: 'e20b5f' }),
    username: z.string().optional(),
    color: AvatarColor.optional().meta({
      description: 'Colour chosen by the user. If absent, clients derive one from the id.',
    }),
    isGone: z.literal(true).optional().meta({ description: 'The account was deleted, or the guest expired.' }),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const SessionInfo = z
  .object({
    id: Id,
    label: z
      .string()
      .meta({ description: 'Label of the device, derived from its user agent.', example: 'Firefox, Windows' }),
    createdAt: Time,
    lastUsedAt: Time,
    isCurrent: z.boolean().meta({ description: 'True for the session of this request.' }),
  })
  .meta({ id: 'SessionInfo', description: 'A signed-in device.' });
export type SessionInfo = z.infer<typeof SessionInfo>;

export const Session = z
  .object({
    user: User,
    accessToken: z.string(),
    expiresAt: Time.meta({ description: 'Expiry of the access token.' }),
    refreshToken: z.string().optional().meta({
      description: 'Next refresh token, for a client without cookies. Absent if it is set as a cookie.',
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
    expiresAt: Time.optional().meta({ description: 'Expiry. If absent, the token lasts as long as the account.' }),
    lastUsedAt: Time.optional().meta({ description: 'Time of the last use, to the minute.' }),
  })
  .meta({ id: 'ApiToken', description: 'A key that lets a program act as you, within its scopes.' });
export type ApiToken = z.infer<typeof ApiToken>;
