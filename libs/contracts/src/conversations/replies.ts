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
  replyTo: ClientId.optional().meta({ description: 'A message of this conversation that this one answers.' }),
  isForwarded: z.literal(true).optional().meta({ description: 'Say that the words were said elsewhere before.' }),
});
export type Sending = z.infer<typeof Sending>;

export const OpenReply = z
  .object({
    conversation: Conversation,
    messages: z
      .array(Message)
      .optional()
      .meta({ description: `The latest ${limits.openPage}, by seq; absent when \`changes\` are answered.` }),
    hasBefore: z.boolean().optional(),
    changes: z.array(ConversationChange).optional().meta({ description: 'What changed since the rev that was given.' }),
    users: z.array(User),
    mine: z.array(OwnReaction),
    members: z.array(Member).optional().meta({ description: 'Of groups: who is in it, or invited.' }),
    readMarks: z
      .array(ReadMark)
      .optional()
      .meta({ description: 'Of direct conversations and groups, where you and they let each other know.' }),
  })
  .meta({ id: 'OpenReply' });
export type OpenReply = z.infer<typeof OpenReply>;

export const HistoryReply = z
  .object({
    messages: z.array(Message).meta({ description: 'Ascending by seq.' }),
    users: z.array(User),
    mine: z.array(OwnReaction),
    rev: Rev.meta({ description: 'The rev of the snapshot that was read.' }),
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
  })
  .meta({ id: 'HistoryReply' });
export type HistoryReply = z.infer<typeof HistoryReply>;
