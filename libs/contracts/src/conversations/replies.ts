import * as z from 'zod';
import { User } from '../auth/resources';
import { limits } from '../limits';
import { ClientId, Rev } from '../scalars';
import { ConversationChange } from './changes';
import { Conversation } from './conversation';
import { Member, ReadMark } from './members';
import { Message, OwnReaction } from './messages';

/** Optional fields of a send. */
export const Sending = z.object({
  replyTo: ClientId.optional().meta({ description: 'Id of the message in this conversation to reply to.' }),
  isForwarded: z.literal(true).optional().meta({ description: 'True to mark the message as forwarded.' }),
});
export type Sending = z.infer<typeof Sending>;

export const OpenReply = z
  .object({
    conversation: Conversation,
    messages: z
      .array(Message)
      .optional()
      .meta({
        description: `The latest ${limits.openPage} messages, ascending by seq. Absent if \`changes\` is present.`,
      }),
    hasBefore: z.boolean().optional(),
    changes: z.array(ConversationChange).optional().meta({ description: 'Changes after the given rev.' }),
    users: z.array(User),
    mine: z.array(OwnReaction),
    members: z.array(Member).optional().meta({ description: 'Groups: members, including invited ones.' }),
    readMarks: z.array(ReadMark).optional().meta({
      description:
        'Direct conversations and groups: marks of other members. Only if both you and they share read receipts.',
    }),
  })
  .meta({ id: 'OpenReply' });
export type OpenReply = z.infer<typeof OpenReply>;

export const HistoryReply = z
  .object({
    messages: z.array(Message).meta({ description: 'Messages, ascending by seq.' }),
    users: z.array(User),
    mine: z.array(OwnReaction),
    rev: Rev.meta({ description: 'Rev of the conversation at the time of the response.' }),
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
  })
  .meta({ id: 'HistoryReply' });
export type HistoryReply = z.infer<typeof HistoryReply>;
