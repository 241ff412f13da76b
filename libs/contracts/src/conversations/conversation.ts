import * as z from 'zod';
import { AvatarColor } from '../auth/resources';
import { Id, Rev, Seq, Time } from '../scalars';
import { listFields } from './fields';

export const ConversationKind = z.enum(['lobby', 'room', 'match', 'direct', 'group']);
export type ConversationKind = z.infer<typeof ConversationKind>;

export const Role = z.enum(['owner', 'moderator', 'member']);
export type Role = z.infer<typeof Role>;

export const MemberState = z.enum(['joined', 'left', 'banned', 'invited']);
export type MemberState = z.infer<typeof MemberState>;

/** Visibility of a room: listed for all, open to those who know its address, or open to invited users. */
export const Visibility = z.enum(['public', 'unlisted', 'private']);
export type Visibility = z.infer<typeof Visibility>;

/** Access of guests to a room. */
export const GuestAccess = z.enum(['write', 'read', 'none']);
export type GuestAccess = z.infer<typeof GuestAccess>;

export const ConversationSettings = z
  .object({
    title: z.string().optional(),
    slug: z.string().optional().meta({ description: 'Rooms: last part of the address.', example: 'weekend-hiking' }),
    topic: z.string().optional().meta({ description: 'Rooms: topic.' }),
    visibility: Visibility.optional().meta({
      description:
        'Rooms: visibility. `public` rooms are listed, `unlisted` rooms are open to anyone with the address, `private` rooms are open to invited users.',
    }),
    guests: GuestAccess.optional().meta({ description: 'Rooms: access of guests.' }),
    isAnnouncement: z.literal(true).optional().meta({ description: 'Rooms: only moderators can post.' }),
    archivedAt: Time.optional().meta({ description: 'Rooms: time since which the room is archived and read-only.' }),
    color: AvatarColor.optional().meta({ description: 'Groups: avatar colour.' }),
    slowModeMs: z.int().min(0).meta({
      description: 'Minimum interval between two messages of one author, in milliseconds. 0 turns slow mode off.',
    }),
    retentionMs: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Retention of messages, in milliseconds. If absent, messages are kept forever.' }),
  })
  .meta({ id: 'ConversationSettings' });
export type ConversationSettings = z.infer<typeof ConversationSettings>;

export const LastMessage = z
  .object({
    seq: Seq,
    authorId: Id,
    body: z.string().meta({ description: 'First characters of the text. Empty if the message is deleted.' }),
    createdAt: Time,
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'LastMessage', description: 'Preview of the latest message, for lists of conversations.' });
export type LastMessage = z.infer<typeof LastMessage>;

export const Conversation = z
  .object({
    id: Id,
    kind: ConversationKind,
    ...ConversationSettings.shape,
    seq: Seq,
    rev: Rev,
    floorSeq: Seq.meta({
      description:
        'Highest seq that is no longer available, because of retention or because you cleared the conversation.',
    }),
    lastAt: Time.optional().meta({ description: 'Time of the latest message.' }),
    readSeq: Seq.optional().meta({ description: 'Highest seq that you have read. Absent in the lobby.' }),
    role: Role,
    mutedUntil: Time.optional(),
    memberCount: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Rooms and groups: number of members at the time of the response.' }),
    peerId: Id.optional().meta({
      description: 'Direct conversations: id of the other user, or your own id in "Saved".',
    }),
    last: LastMessage.optional().meta({ description: 'Latest message. Present only in lists of conversations.' }),
    mentions: z.array(Seq).optional().meta({ description: 'Seqs of the latest unread messages that mention you.' }),
    deletedUnread: z
      .array(Seq)
      .optional()
      .meta({
        description:
          'Seqs of deleted messages among the latest above `readSeq` (in the lobby: among the latest). They are not counted as unread: ' +
          'unread = max(0, seq − max(readSeq, floorSeq)) − the number of these seqs above both.',
      }),
    ...listFields,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

export const Draft = z.object({ conversationId: Id, body: z.string() }).meta({ id: 'Draft' });
export type Draft = z.infer<typeof Draft>;
