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
    summary: 'What changed in a conversation you follow. fromRev is exclusive; a gap before it means: sync.',
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
      'How far others have come, in direct conversations and groups. A latest value: it may be dropped; opening the conversation answers all.',
    payload: z.object({ conversationId: Id, marks: z.array(ReadMark).min(1) }),
  }),
  'typing:changed': fact({
    summary: 'Who is typing in a conversation you follow. Complete and fleeting: forget it after typingShownMs.',
    payload: z.object({
      conversationId: Id,
      userIds: z.array(Id).max(limits.typingNames).meta({ description: 'Some of them; count says how many type.' }),
      count: z.int().min(0),
      users: z.array(User),
    }),
  }),
} as const;
