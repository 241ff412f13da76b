import * as z from 'zod';
import { Id, Rev, Seq } from '../scalars';
import { ConversationSettings } from './conversation';
import { StoredEmoji } from './fields';
import { Member } from './members';
import { Message } from './messages';

/** One change in the feed of a conversation. All readers receive the same bytes. */
export const ConversationChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('message'), rev: Rev, message: Message }),
    z
      .object({ kind: z.literal('deleted'), rev: Rev, message: Message })
      .meta({ description: 'Tombstone of a deleted message, without text and reactions.' }),
    z
      .object({
        kind: z.literal('reaction'),
        rev: Rev,
        seq: Seq,
        emoji: StoredEmoji,
        count: z.int().min(0).meta({ description: 'Number of users with this reaction after the change.' }),
        userId: Id,
        on: z.boolean(),
      })
      .meta({ description: 'Sent only in live events. A sync returns the whole message instead.' }),
    z.object({ kind: z.literal('member'), rev: Rev, member: Member }),
    z.object({ kind: z.literal('settings'), rev: Rev, settings: ConversationSettings }),
    z.object({ kind: z.literal('floor'), rev: Rev, floorSeq: Seq }),
  ])
  .meta({ id: 'ConversationChange' });
export type ConversationChange = z.infer<typeof ConversationChange>;
