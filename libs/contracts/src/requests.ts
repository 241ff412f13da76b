import * as z from 'zod';
import type { ErrorCode } from './errors';
import { limits } from './limits';
import {
  Block,
  Conversation,
  ConversationChange,
  Draft,
  ExpiredMessage,
  Friend,
  Member,
  Membership,
  Message,
  OwnReaction,
  PersonalChange,
  PersonalSettings,
  ReadMark,
  User,
} from './resources';
import { ClientId, Id, Rev, Seq, Time } from './scalars';
import { InviteToken, RoomKey } from './slugs';
import { Body, DraftText, Emoji, Note } from './text';

/** Errors that any socket request can be answered with, besides those of its row. */
export const commonErrors = [
  'invalid',
  'rate_limited',
  'unavailable',
  'session_ended',
  'internal',
] as const satisfies ErrorCode[];

const Done = z.object({}).meta({ description: 'Nothing to tell: it is done.' });

/** What a send may say besides its text. */
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
      rev: Rev.meta({ description: 'The cursor after this page: the head when there is no more.' }),
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

/** Adds an issue for each repeated conversation: each costs a read. */
function requireDistinct(asked: readonly { conversationId: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [n, { conversationId }] of asked.entries()) {
    if (seen.has(conversationId))
      context.addIssue({ code: 'custom', message: 'names a conversation again', path: [n, 'conversationId'] });
    seen.add(conversationId);
  }
}

interface RequestRow<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  summary: string;
  payload: P;
  reply: R;
  errors: readonly ErrorCode[];
}
const request = <P extends z.ZodType, R extends z.ZodType>(row: RequestRow<P, R>) => row;

/** Why a change of a message can be refused, whichever it is. */
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

const friendRequest = (summary: string, errors: readonly ErrorCode[]) =>
  request({ summary, payload: z.object({ userId: Id }), reply: z.object({ friend: Friend }), errors });

const blockRequest = (summary: string) =>
  request({
    summary,
    payload: z.object({ userId: Id }),
    reply: z.object({ block: Block }),
    errors: ['not_found', 'limit_reached'],
  });

/** Every request of the socket. Each is acknowledged with `Reply<its reply>` and has exactly one handler. */
export const requests = {
  'session:renew': request({
    summary: 'Hand the socket a fresh access token, before the old one ends.',
    payload: z.object({ token: z.string().max(4096) }),
    reply: z.object({ expiresAt: Time }),
    errors: ['unauthenticated', 'token_expired', 'forbidden'],
  }),
  'feed:sync': request({
    summary: 'Catch up: everything that changed after the cursors, or a reset where that is cheaper.',
    payload: z.object({
      epoch: z.string().max(64).optional(),
      personal: Rev.optional(),
      conversations: z
        .array(z.object({ conversationId: Id, rev: Rev }))
        .max(limits.syncConversations)
        .superRefine(requireDistinct)
        .default([]),
    }),
    reply: SyncReply,
    errors: [],
  }),
  'conversation:open': request({
    summary: 'Follow a conversation and read its latest messages, or what changed since rev.',
    payload: z.object({ conversationId: Id, rev: Rev.optional() }),
    reply: OpenReply,
    errors: ['not_found', 'banned'],
  }),
  'conversation:close': request({
    summary: 'Stop following a conversation.',
    payload: z.object({ conversationId: Id }),
    reply: Done,
    errors: [],
  }),
  'conversation:history': request({
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
    summary: 'Send a message. A repeat with the same id answers the original.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, ...Sending.shape }),
    reply: z.union([Message, ExpiredMessage]),
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'id_taken', 'reply_unknown'],
  }),
  'message:edit': request({
    summary: 'Change the text of your message. A repeat with the same editId writes nothing.',
    payload: z.object({ conversationId: Id, id: ClientId, body: Body, editId: ClientId }),
    reply: Message,
    errors: [...changeErrors, 'invalid_text', 'too_long', 'slow_mode', 'forbidden', 'id_taken'],
  }),
  'message:delete': request({
    summary: 'Delete your message, or as a moderator anyone’s. A tombstone stays in its place.',
    payload: z.object({ conversationId: Id, id: ClientId }),
    reply: Message,
    errors: ['not_found', 'forbidden', 'banned', 'archived', 'overloaded'],
  }),
  'message:react': request({
    summary: 'Turn one of your reactions on or off.',
    payload: z.object({ conversationId: Id, id: ClientId, emoji: Emoji, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'too_many_reactions'],
  }),
  'message:pin': request({
    summary: 'Pin a message for everybody, or take it off: in rooms for moderators, elsewhere for whoever is in it.',
    payload: z.object({ conversationId: Id, id: ClientId, on: z.boolean() }),
    reply: Message,
    errors: [...changeErrors, 'forbidden', 'limit_reached'],
  }),
  'room:join': request({
    summary: 'Enter a room by its slug or id; a private one by an invitation. Again is as once.',
    payload: z.object({ slug: RoomKey, invite: InviteToken.optional() }),
    reply: Conversation,
    errors: ['not_found', 'banned', 'members_only', 'archived', 'invite_ended', 'limit_reached'],
  }),
  'room:leave': request({
    summary:
      'Leave a room, or decline an invitation. An owner who leaves is followed by whoever has been there longest.',
    payload: z.object({ slug: RoomKey }),
    reply: Done,
    errors: ['not_found'],
  }),
  'user:lookup': request({
    summary: 'Users as they are now, of those whose profileRev is above the one given.',
    payload: z.object({
      users: z
        .array(z.object({ id: Id, profileRev: z.int().min(0).default(0) }))
        .min(1)
        .max(limits.lookupUsers),
    }),
    reply: z.object({ users: z.array(User) }),
    errors: [],
  }),
  'draft:set': request({
    summary: 'Keep what you are about to say in a conversation, for all of your devices. Empty forgets it.',
    payload: z.object({ conversationId: Id, body: DraftText }),
    reply: z.object({ rev: Rev.meta({ description: 'Your personal rev from which on it is there.' }) }),
    errors: ['not_found', 'too_long', 'invalid_text', 'overloaded'],
  }),
  'friend:request': request({
    summary:
      'Ask somebody to be friends, by id or by username. If they have asked you already, you are friends at once.',
    payload: z
      .object({ userId: Id.optional(), username: z.string().min(1).max(512).optional(), note: Note.optional() })
      .refine(({ userId, username }) => (userId === undefined) !== (username === undefined), {
        message: 'give userId or username',
        path: ['userId'],
      }),
    reply: z.object({ friend: Friend, user: User }),
    errors: ['invalid_text', 'too_long', 'not_found', 'not_accepting', 'limit_reached'],
  }),
  'friend:accept': friendRequest('Be friends with somebody who asked you. Again is as once.', [
    'not_found',
    'limit_reached',
  ]),
  'friend:decline': friendRequest('Decline a request; who asked is not told, and can ask again in a week.', []),
  'friend:withdraw': friendRequest('Take your request back.', []),
  'friend:remove': friendRequest('Be friends no longer.', []),
  'user:block': blockRequest('Nothing of either reaches the other any more. They are not told.'),
  'user:unblock': blockRequest('End a block.'),
  'user:mute': blockRequest('Fold the messages of somebody, for yourself only.'),
  'user:unmute': blockRequest('End a mute.'),
  'presence:set': request({
    summary: 'Hide this device from the lists of who is here, or say what is done on it.',
    payload: z
      .object({
        hidden: z.boolean().optional(),
        idle: z.boolean().optional(),
        offScreen: Id.optional().meta({
          description:
            'A room that this device has no longer on screen: it is not here any more, and goes on following.',
        }),
      })
      .refine((given) => Object.values(given).some((value) => value !== undefined), {
        message: 'give hidden, idle or offScreen',
        path: ['hidden'],
      }),
    reply: Done,
    errors: [],
  }),
  'typing:set': request({
    summary: 'Say that you type in a conversation you follow, every typingRepeatMs while you do, or that you stopped.',
    payload: z.object({ conversationId: Id, on: z.boolean() }),
    reply: Done,
    errors: ['not_found'],
  }),
  'presence:list': request({
    summary: `Who is connected here now, ${limits.presencePage} a page; for people who are here themselves.`,
    payload: z.object({ conversationId: Id, cursor: z.string().max(64).optional() }),
    reply: z.object({ items: z.array(User), nextCursor: z.string().optional(), count: z.int().min(0) }),
    errors: ['not_found', 'banned', 'forbidden'],
  }),
} as const;

export type RequestName = keyof typeof requests;
/** What a client may send: before defaults and normalisation. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['payload']>;
/** What a handler receives: after validation. */
export type RequestPayload<N extends RequestName> = z.output<(typeof requests)[N]['payload']>;
export type RequestReply<N extends RequestName> = z.output<(typeof requests)[N]['reply']>;
