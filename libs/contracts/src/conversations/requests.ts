import * as z from 'zod';
import type { ErrorCode } from '../errors';
import { limits } from '../limits';
import { Done, request } from '../request-row';
import { ClientId, Id, Rev, Seq } from '../scalars';
import { ExpiredMessage, Message } from './messages';
import { HistoryReply, OpenReply, Sending } from './replies';
import { Body, DraftText, Emoji } from './text';

/** Errors of every change of a message. */
const changeErrors = [
  'not_found',
  'banned',
  'muted',
  'members_only',
  'moderators_only',
  'archived',
  'not_accepting',
  'person_gone',
  'overloaded',
] as const satisfies ErrorCode[];

/** Requests about conversations, their messages and drafts. */
export const conversationRequests = {
  'conversation:open': request({
    work: 'read',
    summary: 'Follow a conversation and read its latest messages, or what changed since rev.',
    payload: z.object({ conversationId: Id, rev: Rev.optional() }),
    reply: OpenReply,
    errors: ['not_found', 'banned'],
  }),
  'conversation:close': request({
    work: 'connection',
    summary: 'Stop following a conversation.',
    payload: z.object({ conversationId: Id }),
    reply: Done,
    errors: [],
  }),
  'conversation:history': request({
    work: 'read',
    summary: 'A page of messages: the latest, or before, after or around a seq.',
    payload: z
      .object({
        conversationId: Id,
        before: Seq.optional(),
        after: Seq.optional(),
        around: Seq.optional(),
        limit: z.int().min(1).max(limits.historyPage).default(limits.openPage),
      })
      .refine(({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length <= 1, {
        message: 'give only one of before, after and around',
        path: ['before'],
      }),
    reply: HistoryReply,
    errors: ['not_found', 'banned'],
  }),
  'conversation:read': request({
    work: 'latest',
    summary:
      'Move your read mark up to seq, or say up to where this device has got everything. Marks only rise. The lobby stores none.',
    payload: z
      .object({ conversationId: Id, seq: Seq.optional(), deliveredSeq: Seq.optional() })
      .refine(({ seq, deliveredSeq }) => seq !== undefined || deliveredSeq !== undefined, {
        message: 'give seq or deliveredSeq',
        path: ['seq'],
      }),
    reply: Done,
    errors: ['not_found', 'banned', 'overloaded'],
  }),
  'message:send': request({
    work: 'commit',
    summary: 'Send a message. A repeat with the same id answers the original.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, ...Sending.shape }),
    reply: z.union([Message, ExpiredMessage]),
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'id_taken', 'reply_unknown'],
  }),
  'message:edit': request({
    work: 'commit',
    summary: 'Change the text of your message. A repeat with the same editId writes nothing.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, editId: ClientId }),
    reply: Message,
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'forbidden', 'id_taken'],
  }),
  'message:delete': request({
    work: 'commit',
    summary: 'Delete your message, or as a moderator anyone’s. A tombstone stays in its place.',
    payload: z.object({ conversationId: Id, id: ClientId }),
    reply: Message,
    errors: ['not_found', 'forbidden', 'banned', 'archived', 'overloaded'],
  }),
  'message:react': request({
    work: 'commit',
    summary: 'Turn one of your reactions on or off.',
    payload: z.object({ conversationId: Id, id: ClientId, emoji: Emoji, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'too_many_reactions'],
  }),
  'message:pin': request({
    work: 'commit',
    summary: 'Pin a message for everybody, or take it off: in rooms for moderators, elsewhere for whoever is in it.',
    payload: z.object({ conversationId: Id, id: ClientId, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'forbidden', 'limit_reached'],
  }),
  'draft:set': request({
    work: 'latest',
    summary: 'Keep what you are about to say in a conversation, for all of your devices. Empty forgets it.',
    payload: z.object({ conversationId: Id, body: DraftText }),
    reply: z.object({ rev: Rev.meta({ description: 'Your personal rev from which on it is there.' }) }),
    errors: ['not_found', 'too_long', 'invalid_text', 'overloaded'],
  }),
  'typing:set': request({
    work: 'connection',
    summary: 'Say that you type in a conversation you follow, every typingRepeatMs while you do, or that you stopped.',
    payload: z.object({ conversationId: Id, on: z.boolean() }),
    reply: Done,
    errors: ['not_found'],
  }),
} as const;
