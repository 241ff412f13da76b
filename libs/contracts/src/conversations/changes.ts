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
      .meta({ description: 'The tombstone: no text, no reactions.' }),
    z
      .object({
        kind: z.literal('reaction'),
        rev: Rev,
        seq: Seq,
        emoji: StoredEmoji,
        count: z.int().min(0).meta({ description: 'How many have it on after this change.' }),
        userId: Id,
        on: z.boolean(),
      })
      .meta({ description: 'Live only: a sync answers the whole message.' }),
    z.object({ kind: z.literal('member'), rev: Rev, member: Member }),
    z.object({ kind: z.literal('settings'), rev: Rev, settings: ConversationSettings }),
    z.object({ kind: z.literal('floor'), rev: Rev, floorSeq: Seq }),
  ])
  .meta({ id: 'ConversationChange' });
export type ConversationChange = z.infer<typeof ConversationChange>;
