import * as z from 'zod';
import { ConversationSettings, GuestAccess, Role, Visibility } from '../conversations/conversation';
import { Member } from '../conversations/members';
import { Id, Time } from '../scalars';

/** Outcome of a ban for a guest's address. */
export const AddressBan = z
  .object({
    outcome: z.enum(['kept', 'shared', 'unknown']).meta({
      description: 'kept: new guests from there are banned too. shared: too many use it. unknown: none is stored.',
    }),
    forMs: z.int().min(0).optional().meta({ description: 'If kept: for how long from now.' }),
  })
  .meta({ id: 'AddressBan' });
export type AddressBan = z.infer<typeof AddressBan>;

export const BannedMember = Member.extend({
  addressBan: AddressBan.optional().meta({ description: 'After a ban of a guest that takes the address along.' }),
}).meta({ id: 'BannedMember', description: 'A membership after a change, which may be a ban.' });
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
    activeAt: Time.meta({ description: 'When something was said last, to ten seconds; at first when it was made.' }),
    role: Role.optional().meta({ description: 'Yours; absent while you are not in it.' }),
  })
  .meta({ id: 'Room', description: 'A room as it looks from outside.' });
export type Room = z.infer<typeof Room>;

export const Invite = z
  .object({
    id: Id,
    createdBy: Id,
    createdAt: Time,
    expiresAt: Time.optional(),
    uses: z.int().min(0).meta({ description: 'How many have come in by it.' }),
    maxUses: z.int().min(1).optional().meta({ description: 'Absent: any number.' }),
  })
  .meta({ id: 'Invite', description: 'A link by which people come into a room.' });
export type Invite = z.infer<typeof Invite>;
