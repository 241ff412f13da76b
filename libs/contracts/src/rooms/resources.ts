import * as z from 'zod';
import { ConversationSettings, GuestAccess, Role, Visibility } from '../conversations/conversation';
import { Member } from '../conversations/members';
import { Id, Time } from '../scalars';

/** Outcome of a ban for a guest's address. */
export const AddressBan = z
  .object({
    outcome: z.enum(['kept', 'shared', 'unknown']).meta({
      description:
        '`kept`: new guests from the address are banned too. `shared`: too many users have the address. `unknown`: no address is stored.',
    }),
    forMs: z.int().min(0).optional().meta({
      description: 'Remaining duration of the address ban, in milliseconds. Present if the outcome is `kept`.',
    }),
  })
  .meta({ id: 'AddressBan' });
export type AddressBan = z.infer<typeof AddressBan>;

export const BannedMember = Member.extend({
  addressBan: AddressBan.optional().meta({ description: 'Present after a ban of a guest that includes the address.' }),
}).meta({ id: 'BannedMember', description: 'A membership after a change.' });
export type BannedMember = z.infer<typeof BannedMember>;

export const Room = z
  .object({
    id: Id,
    ...ConversationSettings.pick({ topic: true, isAnnouncement: true, archivedAt: true }).shape,
    title: z.string(),
    slug: z.string(),
    visibility: Visibility,
    guests: GuestAccess,
    memberCount: z.int().min(0),
    activeAt: Time.meta({ description: 'Time of the latest message, to ten seconds. Creation time if there is none.' }),
    role: Role.optional().meta({ description: 'Your role. Absent if you are not a member.' }),
  })
  .meta({ id: 'Room', description: 'A room, as visible to non-members.' });
export type Room = z.infer<typeof Room>;

export const Invite = z
  .object({
    id: Id,
    createdBy: Id,
    createdAt: Time,
    expiresAt: Time.optional(),
    uses: z.int().min(0).meta({ description: 'Number of users who joined with this link.' }),
    maxUses: z.int().min(1).optional().meta({ description: 'Maximum number of uses. Unlimited if absent.' }),
  })
  .meta({ id: 'Invite', description: 'An invite link of a room.' });
export type Invite = z.infer<typeof Invite>;
