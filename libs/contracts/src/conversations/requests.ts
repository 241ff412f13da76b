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
] as const satisfies ErrorCode[];

/** Requests about conversations, their messages and drafts. */
export const conversationRequests = {
  'conversation:open': request({
    work: 'read',
    summary: 'Subscribe to a conversation and get its latest messages, or its changes after rev.',
    payload: z.object({ conversationId: Id, rev: Rev.optional() }),
    reply: OpenReply,
    errors: ['not_found', 'banned'],
  }),
  'conversation:close': request({
    work: 'connection',
    summary: 'Unsubscribe from a conversation.',
    payload: z.object({ conversationId: Id }),
    reply: Done,
    errors: [],
  }),
  'conversation:history': request({
    work: 'read',
    summary: 'List messages: the latest, or those before, after or around a seq.',
    payload: z
      .object({
        conversationId: Id,
        before: Seq.optional(),
        after: Seq.optional(),
        around: Seq.optional(),
        limit: z.int().min(1).max(limits.historyPage).default(limits.openPage),
      })
      .refine(({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length <= 1, {
        message: 'must not be combined: use only one of before, after and around',
        path: ['before'],
      }),
    reply: HistoryReply,
    errors: ['not_found', 'banned'],
  }),
  'conversation:read': request({
    work: 'latest',
    summary:
      'Move your read mark to seq, or your delivery mark to deliveredSeq. Marks only increase. The lobby does not store them.',
    payload: z
      .object({ conversationId: Id, seq: Seq.optional(), deliveredSeq: Seq.optional() })
      .refine(({ seq, deliveredSeq }) => seq !== undefined || deliveredSeq !== undefined, {
        message: 'seq or deliveredSeq is required',
        path: ['seq'],
      }),
    reply: Done,
    errors: ['not_found', 'banned'],
  }),
  'message:send': request({
    work: 'commit',
    summary: 'Send a message. Idempotent: a retry with the same id returns the original.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, ...Sending.shape }),
    reply: z.union([Message, ExpiredMessage]),
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'id_taken', 'reply_unknown'],
  }),
  'message:edit': request({
    work: 'commit',
    summary: 'Edit one of your messages. Idempotent by editId.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, editId: ClientId }),
    reply: Message,
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'forbidden', 'id_taken'],
  }),
  'message:delete': request({
    work: 'commit',
    summary: 'Delete one of your messages or, as a moderator, any message. A tombstone remains in its place.',
    payload: z.object({ conversationId: Id, id: ClientId }),
    reply: Message,
    errors: ['not_found', 'forbidden', 'banned', 'archived'],
  }),
  'message:react': request({
    work: 'commit',
    summary: 'Add or remove one of your reactions.',
    payload: z.object({ conversationId: Id, id: ClientId, emoji: Emoji, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'too_many_reactions'],
  }),
  'message:pin': request({
    work: 'commit',
    summary: 'Pin a message for everyone, or unpin it. In rooms only for moderators, elsewhere for all members.',
    payload: z.object({ conversationId: Id, id: ClientId, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'forbidden', 'limit_reached'],
  }),
  'draft:set': request({
    work: 'latest',
    summary: 'Save the draft of a conversation, for all of your devices. An empty body deletes it.',
    payload: z.object({ conversationId: Id, body: DraftText }),
    reply: z.object({ rev: Rev.meta({ description: 'Rev of your personal feed that includes the draft.' }) }),
    errors: ['not_found', 'too_long', 'invalid_text'],
  }),
  'typing:set': request({
    work: 'connection',
    summary:
      'Set your typing state in a conversation that you are subscribed to. Repeat every typingRepeatMs while the user is typing.',
    payload: z.object({ conversationId: Id, on: z.boolean() }),
    reply: Done,
    errors: ['not_found'],
  }),
} as const;
