import * as z from 'zod';
import { User } from '../auth/resources';
import { ConversationChange } from '../conversations/changes';
import { Conversation, Draft } from '../conversations/conversation';
import { Membership } from '../conversations/members';
import { OwnReaction } from '../conversations/messages';
import { OpenReply } from '../conversations/replies';
import { Block, Friend, PersonalSettings } from '../friends/resources';
import { limits } from '../limits';
import { Id, Rev, Seq, Time } from '../scalars';

/** One change in the personal feed of a user. */
export const PersonalChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('user'), rev: Rev, user: User }),
    z.object({ kind: z.literal('session'), rev: Rev, sessionId: Id, state: z.enum(['active', 'ended']) }),
    z.object({ kind: z.literal('membership'), rev: Rev, membership: Membership }),
    z.object({ kind: z.literal('friend'), rev: Rev, friend: Friend }),
    z.object({ kind: z.literal('block'), rev: Rev, block: Block }),
    z.object({ kind: z.literal('draft'), rev: Rev, draft: Draft }),
    z.object({ kind: z.literal('settings'), rev: Rev, settings: PersonalSettings }),
  ])
  .meta({ id: 'PersonalChange' });
export type PersonalChange = z.infer<typeof PersonalChange>;

export const PersonalReset = z
  .object({
    rev: Rev,
    user: User,
    lobbyId: Id,
    conversations: z.array(Conversation),
    // Absent in what an older server answers.
    friends: z.array(Friend).default([]),
    blocks: z.array(Block).default([]),
    drafts: z.array(Draft).default([]),
    settings: PersonalSettings.optional(),
    invitations: z.array(Membership).default([]),
  })
  .meta({ id: 'PersonalReset' });
export type PersonalReset = z.infer<typeof PersonalReset>;

export const ConversationSync = z
  .union([
    z.object({
      conversationId: Id,
      rev: Rev.meta({ description: 'Cursor after this page. If `more` is false, the latest rev.' }),
      seq: Seq,
      floorSeq: Seq,
      changes: z.array(ConversationChange).max(limits.framePage),
      mine: z.array(OwnReaction),
      more: z.boolean(),
    }),
    z.object({ conversationId: Id, reset: OpenReply }),
    z.object({ conversationId: Id, gone: z.enum(['left', 'banned', 'erased']) }),
  ])
  .meta({ id: 'ConversationSync' });
export type ConversationSync = z.infer<typeof ConversationSync>;

export const SyncReply = z
  .object({
    epoch: z.string(),
    serverTime: Time,
    personal: z.union([
      z.object({ rev: Rev, changes: z.array(PersonalChange), more: z.boolean() }),
      z.object({ reset: PersonalReset }),
    ]),
    conversations: z.array(ConversationSync),
    users: z.array(User),
  })
  .meta({ id: 'SyncReply' });
export type SyncReply = z.infer<typeof SyncReply>;
