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
    slug: z.string().optional().meta({ description: 'Rooms: what their address ends in.', example: 'weekend-hiking' }),
    topic: z.string().optional().meta({ description: 'Rooms: what they are about.' }),
    visibility: Visibility.optional().meta({ description: 'Rooms: who finds them.' }),
    guests: GuestAccess.optional().meta({ description: 'Rooms: what people without an account may do.' }),
    isAnnouncement: z.literal(true).optional().meta({ description: 'Rooms: only moderators write.' }),
    archivedAt: Time.optional().meta({ description: 'Rooms: read only since.' }),
    color: AvatarColor.optional().meta({ description: 'Groups: the pastel behind the initial.' }),
    slowModeMs: z.int().min(0).meta({ description: 'Least time between two messages of one author; 0 is off.' }),
    retentionMs: z.int().min(1).optional().meta({ description: 'How long messages are kept; absent is for ever.' }),
  })
  .meta({ id: 'ConversationSettings' });
export type ConversationSettings = z.infer<typeof ConversationSettings>;

export const LastMessage = z
  .object({
    seq: Seq,
    authorId: Id,
    body: z.string().meta({ description: 'Its beginning; empty once deleted.' }),
    createdAt: Time,
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'LastMessage', description: "What a conversation's line in a list shows." });
export type LastMessage = z.infer<typeof LastMessage>;

export const Conversation = z
  .object({
    id: Id,
    kind: ConversationKind,
    ...ConversationSettings.shape,
    seq: Seq,
    rev: Rev,
    floorSeq: Seq.meta({
      description: 'The highest seq that is gone: by retention, or because you deleted up to there.',
    }),
    lastAt: Time.optional().meta({ description: 'When the latest message was stored.' }),
    readSeq: Seq.optional().meta({ description: 'The highest seq you have read; the lobby keeps none.' }),
    role: Role,
    mutedUntil: Time.optional(),
    memberCount: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Rooms and groups: how many were in it when this was read.' }),
    peerId: Id.optional().meta({
      description: 'Direct conversations: the other one, or yourself where it is "Saved".',
    }),
    last: LastMessage.optional().meta({ description: 'In lists; an opened conversation has its messages.' }),
    mentions: z
      .array(Seq)
      .optional()
      .meta({ description: 'Which of the latest messages that you have not read name you; derived, never stored.' }),
    deletedUnread: z
      .array(Seq)
      .optional()
      .meta({
        description:
          "Which of the latest messages above `readSeq` are deleted (of the lobby: of the latest). They don't count: " +
          'unread = max(0, seq − max(readSeq, floorSeq)) − how many of these are above both.',
      }),
    ...listFields,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

export const Draft = z.object({ conversationId: Id, body: z.string() }).meta({ id: 'Draft' });
export type Draft = z.infer<typeof Draft>;
