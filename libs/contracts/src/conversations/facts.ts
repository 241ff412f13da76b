import * as z from 'zod';
import { User } from '../auth/resources';
import { fact } from '../fact-row';
import { limits } from '../limits';
import { Id, Rev } from '../scalars';
import { ConversationChange } from './changes';
import { ReadMark } from './members';

/** Facts about conversations. */
export const conversationFacts = {
  'conversation:changed': fact({
    summary:
      'Changes in a conversation that you are subscribed to. fromRev is exclusive. If it is above your cursor, call feed:sync.',
    payload: z.object({
      epoch: z.string(),
      conversationId: Id,
      fromRev: Rev,
      toRev: Rev,
      changes: z.array(ConversationChange),
      users: z.array(User),
    }),
  }),
  'read:changed': fact({
    summary:
      'Read and delivery marks of other members, in direct conversations and groups. Delivery is best effort; conversation:open returns all marks.',
    payload: z.object({ conversationId: Id, marks: z.array(ReadMark).min(1) }),
  }),
  'typing:changed': fact({
    summary:
      'Users who are typing in a conversation that you are subscribed to. Replaces the previous state. Expires after typingShownMs.',
    payload: z.object({
      conversationId: Id,
      userIds: z
        .array(Id)
        .max(limits.typingNames)
        .meta({ description: 'Some of the users who are typing. `count` includes the others.' }),
      count: z.int().min(0),
      users: z.array(User),
    }),
  }),
} as const;
