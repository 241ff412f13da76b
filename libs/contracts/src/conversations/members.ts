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
    invitedBy: Id.optional().meta({ description: 'While the state is `invited`.' }),
    isHere: z.literal(true).optional().meta({ description: 'In lists of a room: has it open now.' }),
  })
  .meta({ id: 'Member', description: 'What all readers of a conversation see of a membership.' });
export type Member = z.infer<typeof Member>;

/** Read and delivery marks of another member of a direct conversation or a group. */
export const ReadMark = z
  .object({
    userId: Id,
    readSeq: Seq.meta({ description: 'The highest seq they have read, and let others know of.' }),
    deliveredSeq: Seq.meta({ description: 'The highest seq that one of their devices has got.' }),
  })
  .meta({ id: 'ReadMark', description: 'A latest value: both only rise, and of two the higher counts.' });
export type ReadMark = z.infer<typeof ReadMark>;

export const Invitation = z
  .object({
    title: z.string().optional(),
    color: AvatarColor.optional(),
    invitedBy: Id,
    at: Time,
    memberCount: z.int().min(0),
    slug: z.string().optional().meta({ description: 'Of a room; a group has none.' }),
  })
  .meta({ id: 'Invitation', description: 'What one is asked into.' });
export type Invitation = z.infer<typeof Invitation>;

export const Membership = z
  .object({
    conversationId: Id,
    role: Role,
    state: MemberState,
    mutedUntil: Time.optional(),
    readSeq: Seq.optional(),
    clearedSeq: Seq.optional().meta({ description: 'Up to here you deleted it for yourself.' }),
    ...listFields,
    invitation: Invitation.optional().meta({ description: 'While the state is `invited`.' }),
  })
  .meta({ id: 'Membership' });
export type Membership = z.infer<typeof Membership>;
