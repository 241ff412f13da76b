import * as z from 'zod';
import { AvatarColor } from '../auth/resources';
import { Id, Seq, Time } from '../scalars';
import { MemberState, Role } from './conversation';
import { listFields } from './fields';

export const Member = z
  .object({
    userId: Id,
    role: Role,
    state: MemberState,
    mutedUntil: Time.optional(),
    invitedBy: Id.optional().meta({ description: 'Present while the state is `invited`.' }),
    isHere: z.literal(true).optional().meta({ description: 'In member lists of a room: the user has the room open.' }),
  })
  .meta({ id: 'Member', description: 'A membership, as visible to all readers of the conversation.' });
export type Member = z.infer<typeof Member>;

/** Read and delivery marks of another member of a direct conversation or a group. */
export const ReadMark = z
  .object({
    userId: Id,
    readSeq: Seq.meta({ description: 'Highest seq that the user has read and shares with others.' }),
    deliveredSeq: Seq.meta({ description: 'Highest seq that any device of the user has received.' }),
  })
  .meta({
    id: 'ReadMark',
    description: 'Read and delivery marks of a user. Both only increase; the higher value is the newer.',
  });
export type ReadMark = z.infer<typeof ReadMark>;

export const Invitation = z
  .object({
    title: z.string().optional(),
    color: AvatarColor.optional(),
    invitedBy: Id,
    at: Time,
    memberCount: z.int().min(0),
    slug: z.string().optional().meta({ description: 'Slug of the room. Absent for groups.' }),
  })
  .meta({ id: 'Invitation', description: 'The conversation that an invitation is for.' });
export type Invitation = z.infer<typeof Invitation>;

export const Membership = z
  .object({
    conversationId: Id,
    role: Role,
    state: MemberState,
    mutedUntil: Time.optional(),
    readSeq: Seq.optional(),
    clearedSeq: Seq.optional().meta({ description: 'Highest seq that you cleared for yourself.' }),
    ...listFields,
    invitation: Invitation.optional().meta({ description: 'Present while the state is `invited`.' }),
  })
  .meta({ id: 'Membership' });
export type Membership = z.infer<typeof Membership>;
