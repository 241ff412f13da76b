import * as z from 'zod';
import { limits } from './limits';
import { ConversationChange, FriendPresence, PersonalChange, ReadMark, User } from './resources';
import { Id, Rev } from './scalars';

interface FactRow<P extends z.ZodType = z.ZodType> {
  summary: string;
  payload: P;
}
const fact = <P extends z.ZodType>(row: FactRow<P>) => row;

/** Everything the server tells a socket without being asked. */
export const facts = {
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
  'personal:changed': fact({
    summary: 'What changed in your personal feed.',
    payload: z.object({
      epoch: z.string(),
      fromRev: Rev,
      toRev: Rev,
      changes: z.array(PersonalChange),
      users: z.array(User),
    }),
  }),
  'presence:changed': fact({
    summary: 'Who came and went here, coalesced. A latest value: it may be dropped, the next one is complete.',
    payload: z.object({
      conversationId: Id.optional(),
      count: z.int().min(0).meta({ description: 'How many are here now.' }),
      joined: z.array(Id).meta({ description: 'Some of those who came; joinedCount says how many did.' }),
      left: z.array(Id),
      joinedCount: z.int().min(0),
      leftCount: z.int().min(0),
      users: z.array(User),
    }),
  }),
  'status:changed': fact({
    summary: 'Whether friends are here, coalesced: after connecting of all, then of those of whom it changed.',
    payload: z.object({
      friends: z.array(FriendPresence),
      isAll: z.literal(true).optional().meta({ description: 'Whoever is not among them is offline.' }),
      users: z.array(User).meta({ description: 'Those of them who look different now.' }),
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
  'session:revoked': fact({
    summary: 'This session has ended; the socket is closed after it.',
    payload: z.object({ sessionId: Id, reason: z.enum(['logged_out', 'revoked', 'reused', 'expired']) }),
  }),
  'server:draining': fact({
    summary: 'This server is about to stop: connect again after the given wait.',
    payload: z.object({ reconnectAfterMs: z.int().min(0) }),
  }),
} as const;

export type FactName = keyof typeof facts;
export type FactPayload<N extends FactName> = z.output<(typeof facts)[N]['payload']>;
