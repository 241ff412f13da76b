import * as z from 'zod';
import { ClientId, Id, Rev, Seq, Time } from './scalars';

export const UserKind = z.enum(['guest', 'member', 'bot']);

/** The pastel behind somebody's initial. */
export const AvatarColor = z.enum(['rose', 'sky', 'lavender', 'mint', 'butter']);
export type AvatarColor = z.infer<typeof AvatarColor>;

export const User = z
  .object({
    id: Id,
    kind: UserKind,
    displayName: z.string().meta({ description: 'A guest without a name is "Guest " and the tag.', example: '小桃' }),
    profileRev: z.int().min(1).meta({ description: 'Counts changes of what others see; the higher one wins.' }),
    tag: z.string().optional().meta({ description: 'Six hex digits, unique among live guests.', example: 'e20b5f' }),
    username: z.string().optional(),
    color: AvatarColor.optional().meta({ description: 'As chosen; without one pages derive it from the id.' }),
    isGone: z.literal(true).optional().meta({ description: 'The account was deleted, or the guest forgotten.' }),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const SessionInfo = z
  .object({
    id: Id,
    label: z.string().meta({ description: 'What the device said it is.', example: 'Firefox, Windows' }),
    createdAt: Time,
    lastUsedAt: Time,
    isCurrent: z.boolean().meta({ description: 'The one that asks.' }),
  })
  .meta({ id: 'SessionInfo', description: 'One signed-in device.' });
export type SessionInfo = z.infer<typeof SessionInfo>;

/** The name a guest has before choosing one; pages show their own language's word instead. */
export function defaultGuestName(tag: string): string {
  return `Guest ${tag}`;
}

/** Stored emoji: the set that may be sent can have shrunk since. */
const StoredEmoji = z.string().meta({ description: 'One emoji.', example: '🎉' });

export const Reaction = z.object({ emoji: StoredEmoji, count: z.int().min(1) }).meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof Reaction>;

export const Attachment = z
  .object({ id: Id, kind: z.string() })
  .meta({ id: 'Attachment', description: 'A file of a message. Messages have none yet: the list is always empty.' });
export type Attachment = z.infer<typeof Attachment>;

/** What a reply shows of the message it answers. */
export const Quote = z
  .object({
    seq: Seq.meta({ description: 'Where it stands.' }),
    rev: Rev.meta({ description: 'As of when it is; of two the higher counts.' }),
    authorId: Id,
    body: z.string().meta({ description: 'Its beginning; empty once deleted.' }),
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'Quote', description: 'The message that another one answers.' });
export type Quote = z.infer<typeof Quote>;

export const LinkPreview = z
  .object({
    url: z.string().meta({ description: 'The address in the message.', example: 'https://example.org/trails' }),
    title: z.string().meta({ example: 'Trails within two hours' }),
    description: z.string().optional(),
    site: z.string().optional(),
  })
  .meta({
    id: 'LinkPreview',
    description: 'What the page says of itself to which a message links, as the server read it.',
  });
export type LinkPreview = z.infer<typeof LinkPreview>;

export const Message = z
  .object({
    conversationId: Id,
    id: ClientId,
    seq: Seq,
    rev: Rev,
    authorId: Id,
    body: z.string().meta({ description: 'Empty once deleted.', example: '大家好！第一次來 🌷' }),
    createdAt: Time,
    editedAt: Time.optional(),
    mentionKeys: z.array(z.string()).optional().meta({
      description:
        'Of an edited message: the names (@ left out, folded) by which it still notifies. An edit notifies nobody new.',
    }),
    deletedAt: Time.optional(),
    pinnedAt: Time.optional().meta({ description: 'Pinned for everybody in the conversation since.' }),
    replyTo: ClientId.optional().meta({ description: 'The message of this conversation that it answers.' }),
    quote: Quote.optional().meta({
      description:
        'What it answers, as that stands now; absent once that is gone. It changes without a rev of this message.',
    }),
    isForwarded: z.literal(true).optional().meta({ description: 'The words were said elsewhere before.' }),
    preview: LinkPreview.optional(),
    reactions: z.array(Reaction).meta({ description: 'By code point of the emoji.' }),
    attachments: z.array(Attachment),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Who said it, and who said what it quotes: they travel beside it. */
export function authorsOf({ authorId, quote }: Message): string[] {
  return quote ? [authorId, quote.authorId] : [authorId];
}

/** The answer to a retry that comes after the message's text has expired. */
export const ExpiredMessage = z
  .object({ id: ClientId, seq: Seq, expired: z.literal(true) })
  .meta({ id: 'ExpiredMessage' });
export type ExpiredMessage = z.infer<typeof ExpiredMessage>;

export const ConversationKind = z.enum(['lobby', 'room', 'match', 'direct', 'group']);
export type ConversationKind = z.infer<typeof ConversationKind>;
export const Role = z.enum(['owner', 'moderator', 'member']);
export type Role = z.infer<typeof Role>;
export const MemberState = z.enum(['joined', 'left', 'banned', 'invited']);
export type MemberState = z.infer<typeof MemberState>;

/** Who finds a room: everybody, whoever has its address, or whoever was invited. */
export const Visibility = z.enum(['public', 'unlisted', 'private']);
export type Visibility = z.infer<typeof Visibility>;

/** What guests may do in a room. */
export const GuestAccess = z.enum(['write', 'read', 'none']);
export type GuestAccess = z.infer<typeof GuestAccess>;

export const ConversationSettings = z
  .object({
    title: z.string().optional(),
    slug: z.string().optional().meta({ description: 'Rooms: what their address ends in.', example: 'weekend-hiking' }),
    topic: z.string().optional().meta({ description: 'Rooms: what they are about.' }),
    visibility: Visibility.optional().meta({ description: 'Rooms: who finds them.' }),
    guests: GuestAccess.optional().meta({ description: 'Rooms: what people without an account may do.' }),
    isAnnouncement: z.literal(true).optional().meta({ description: 'Rooms: only moderators write.' }),
    archivedAt: Time.optional().meta({ description: 'Rooms: read only since.' }),
    color: AvatarColor.optional().meta({ description: 'Groups: the pastel behind the initial.' }),
    slowModeMs: z.int().min(0).meta({ description: 'Least time between two messages of one author; 0 is off.' }),
    retentionMs: z.int().min(1).optional().meta({ description: 'How long messages are kept; absent is for ever.' }),
  })
  .meta({ id: 'ConversationSettings' });
export type ConversationSettings = z.infer<typeof ConversationSettings>;

export const LastMessage = z
  .object({
    seq: Seq,
    authorId: Id,
    body: z.string().meta({ description: 'Its beginning; empty once deleted.' }),
    createdAt: Time,
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'LastMessage', description: "What a conversation's line in a list shows." });
export type LastMessage = z.infer<typeof LastMessage>;

/** What of a conversation counts and is told: everything, only what names the reader, or nothing. */
export const NoticeLevel = z.enum(['all', 'mentions', 'none']);
export type NoticeLevel = z.infer<typeof NoticeLevel>;

/** Where one person keeps a conversation in their list, and how much they want to hear of it. */
const place = {
  pinnedAt: Time.optional().meta({ description: 'Pinned to the top of the list since.' }),
  archivedSeq: Seq.optional().meta({ description: 'Put away until a message above this seq comes.' }),
  notices: NoticeLevel.optional().meta({ description: 'Absent: everything, and in the lobby only mentions.' }),
  quietUntil: Time.optional().meta({ description: 'Until then only mentions count, whatever `notices` says.' }),
};

export const Conversation = z
  .object({
    id: Id,
    kind: ConversationKind,
    ...ConversationSettings.shape,
    seq: Seq,
    rev: Rev,
    floorSeq: Seq.meta({
      description: 'The highest seq that is gone: by retention, or because you deleted up to there.',
    }),
    lastAt: Time.optional().meta({ description: 'When the latest message was stored.' }),
    readSeq: Seq.optional().meta({ description: 'The highest seq you have read; the lobby keeps none.' }),
    role: Role,
    mutedUntil: Time.optional(),
    memberCount: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Rooms and groups: how many were in it when this was read.' }),
    peerId: Id.optional().meta({
      description: 'Direct conversations: the other one, or yourself where it is "Saved".',
    }),
    last: LastMessage.optional().meta({ description: 'In lists; an opened conversation has its messages.' }),
    mentions: z
      .array(Seq)
      .optional()
      .meta({ description: 'Which of the latest messages that you have not read name you; derived, never stored.' }),
    deletedUnread: z
      .array(Seq)
      .optional()
      .meta({
        description:
          "Which of the latest messages above `readSeq` are deleted (of the lobby: of the latest). They don't count: " +
          'unread = max(0, seq − max(readSeq, floorSeq)) − how many of these are above both.',
      }),
    ...place,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

export const Member = z
  .object({
    userId: Id,
    role: Role,
    state: MemberState,
    mutedUntil: Time.optional(),
    invitedBy: Id.optional().meta({ description: 'While the state is `invited`.' }),
    isHere: z.literal(true).optional().meta({ description: 'In lists of a room: has it open now.' }),
  })
  .meta({ id: 'Member', description: 'What all readers of a conversation see of a membership.' });
export type Member = z.infer<typeof Member>;

/** Outcome of a ban for a guest's address. */
export const AddressBan = z
  .object({
    outcome: z.enum(['kept', 'shared', 'unknown']).meta({
      description: 'kept: new guests from there are banned too. shared: too many use it. unknown: none is stored.',
    }),
    forMs: z.int().min(0).optional().meta({ description: 'If kept: for how long from now.' }),
  })
  .meta({ id: 'AddressBan' });
export type AddressBan = z.infer<typeof AddressBan>;

export const BannedMember = Member.extend({
  addressBan: AddressBan.optional().meta({ description: 'After a ban of a guest that takes the address along.' }),
}).meta({ id: 'BannedMember', description: 'A membership after a change, which may be a ban.' });
export type BannedMember = z.infer<typeof BannedMember>;

/** How far another member of a direct conversation or a group has come. */
export const ReadMark = z
  .object({
    userId: Id,
    readSeq: Seq.meta({ description: 'The highest seq they have read, and let others know of.' }),
    deliveredSeq: Seq.meta({ description: 'The highest seq that one of their devices has got.' }),
  })
  .meta({ id: 'ReadMark', description: 'A latest value: both only rise, and of two the higher counts.' });
export type ReadMark = z.infer<typeof ReadMark>;

/** One change of a conversation feed. Every reader gets the same bytes. */
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

export const Invitation = z
  .object({
    title: z.string().optional(),
    color: AvatarColor.optional(),
    invitedBy: Id,
    at: Time,
    memberCount: z.int().min(0),
    slug: z.string().optional().meta({ description: 'Of a room; a group has none.' }),
  })
  .meta({ id: 'Invitation', description: 'What one is asked into.' });
export type Invitation = z.infer<typeof Invitation>;

export const Membership = z
  .object({
    conversationId: Id,
    role: Role,
    state: MemberState,
    mutedUntil: Time.optional(),
    readSeq: Seq.optional(),
    clearedSeq: Seq.optional().meta({ description: 'Up to here you deleted it for yourself.' }),
    ...place,
    invitation: Invitation.optional().meta({ description: 'While the state is `invited`.' }),
  })
  .meta({ id: 'Membership' });
export type Membership = z.infer<typeof Membership>;

export const FriendState = z.enum(['none', 'sent', 'received', 'friend']);
export type FriendState = z.infer<typeof FriendState>;

export const Friend = z
  .object({
    userId: Id.meta({ description: 'The other one.' }),
    state: FriendState.meta({ description: '`sent` and `received` are requests that wait for an answer.' }),
    note: z.string().optional().meta({ description: 'What came with the request.' }),
    at: Time,
  })
  .meta({ id: 'Friend', description: 'How you and somebody stand.' });
export type Friend = z.infer<typeof Friend>;

export const Block = z
  .object({
    userId: Id,
    level: z.enum(['none', 'muted', 'blocked']).meta({
      description: 'muted: your pages fold their messages. blocked: neither reaches the other any more.',
    }),
  })
  .meta({ id: 'Block' });
export type Block = z.infer<typeof Block>;

export const Draft = z.object({ conversationId: Id, body: z.string() }).meta({ id: 'Draft' });
export type Draft = z.infer<typeof Draft>;

export const PersonalSettings = z
  .object({
    whoMayMessage: z.enum(['friends', 'rooms', 'anyone']).meta({
      description:
        'Who may write to you directly, besides friends: people of a room you are in (not the lobby), or anyone.',
    }),
    acceptsRequests: z.boolean().meta({ description: 'Whether others may ask to be your friends.' }),
    appearsOffline: z.boolean().meta({
      description: 'Nobody sees that you are here, that you type, or what you have read; last seen stands still.',
    }),
    showsLastSeen: z.boolean().meta({ description: 'Friends see when you were last here, and you when they were.' }),
    sendsReceipts: z.boolean().meta({ description: 'Others see what you have read and got, and you what they have.' }),
  })
  .meta({ id: 'PersonalSettings' });
export type PersonalSettings = z.infer<typeof PersonalSettings>;

export const PresenceStatus = z.enum(['online', 'idle', 'offline']);
export type PresenceStatus = z.infer<typeof PresenceStatus>;

export const FriendPresence = z
  .object({
    userId: Id,
    status: PresenceStatus.meta({ description: 'idle: nothing was done on any device for ten minutes.' }),
    lastSeenAt: Time.optional().meta({
      description: 'Offline, where both show it: when they were last here, to five minutes.',
    }),
  })
  .meta({ id: 'FriendPresence', description: 'Whether a friend is here: a latest value.' });
export type FriendPresence = z.infer<typeof FriendPresence>;

/** One change of a user's personal feed. */
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

/** The asker's own reactions, outside the bytes that all readers share. */
export const OwnReaction = z.object({ seq: Seq, emoji: StoredEmoji }).meta({ id: 'OwnReaction' });
export type OwnReaction = z.infer<typeof OwnReaction>;

export const Profile = z
  .object({
    user: User,
    createdAt: Time,
    formerNames: z
      .array(z.object({ name: z.string(), until: Time }))
      .meta({ description: 'Names of the last 30 days, the latest first.' }),
    mayMessage: z.boolean().meta({ description: 'Whether you may write to this person directly.' }),
  })
  .meta({ id: 'Profile', description: 'A person, as you see them.' });
export type Profile = z.infer<typeof Profile>;
