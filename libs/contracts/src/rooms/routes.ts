import * as z from 'zod';
import { exampleId, exampleUser } from '../auth/examples';
import { User } from '../auth/resources';
import { Conversation, GuestAccess, MemberState, Role, Visibility } from '../conversations/conversation';
import { exampleMessagePage } from '../conversations/examples';
import { Member } from '../conversations/members';
import { PageQuery, sendErrors, sending } from '../conversations/message-routes';
import { MessagePage } from '../conversations/pages';
import { limits } from '../limits';
import { intQuery, route, routesAt, signedIn, written } from '../route-row';
import { ClientId, Id, StoredTime } from '../scalars';
import { Title } from '../text/text-schema';
import { roomEndpoints } from './endpoints';
import { roomRequests } from './requests';
import { BannedMember, Invite, Room } from './resources';
import { InviteToken, RoomKey, Slug, Topic } from './slugs';

const exampleSlug = 'weekend-hiking';

const exampleRoom: Room = {
  id: exampleId,
  title: '週末爬山',
  slug: exampleSlug,
  visibility: 'public',
  guests: 'write',
  memberCount: 12,
  activeAt: '2026-01-01T12:00:00.000Z',
};

const exampleConversation: Conversation = {
  id: exampleId,
  kind: 'room',
  title: '週末爬山',
  slug: exampleSlug,
  visibility: 'public',
  guests: 'write',
  memberCount: 1,
  slowModeMs: 0,
  seq: 0,
  rev: 1,
  floorSeq: 0,
  readSeq: 0,
  role: 'owner',
};

const exampleMember: Member = { userId: exampleId, role: 'moderator', state: 'joined' };

const exampleInvite: Invite = {
  id: exampleId,
  createdBy: exampleId,
  createdAt: '2026-01-01T12:00:00.000Z',
  uses: 0,
  maxUses: 10,
};

const inRoom = z.object({ slug: RoomKey });

const ofMember = z.object({ slug: RoomKey, userId: Id });

const managed = [...written, 'not_found', 'forbidden'] as const;

const entered = { tag: 'rooms', security: 'bearer', scope: 'rooms:write' } as const;

const managing = { tag: 'rooms', security: 'bearer', scope: 'rooms:manage' } as const;

const reading = { tag: 'rooms', security: 'bearer', scope: 'rooms:read', status: [200] } as const;

const SlowMode = z
  .int()
  .min(0)
  .max(limits.slowModeMs)
  .meta({ description: 'Least milliseconds between two messages of one member; 0 is off.' });

const Retention = z
  .int()
  .min(limits.retentionMinMs)
  .max(limits.retentionMaxMs)
  .meta({ description: 'How many milliseconds messages are kept.' });

/** Rooms. {slug} also takes the room's id. An outsider of a private room gets 404, whatever they ask. */
export const roomRoutes = routesAt(roomEndpoints, {
  'rooms.create': route({
    ...entered,
    summary: 'Make a room. Guests can make public ones.',
    description:
      'Without a slug one is made of the name. The id is yours to make, so that a repeat is a retry: 200 and the same room.',
    body: z.object({
      id: ClientId.optional(),
      name: Title,
      visibility: Visibility.default('public'),
      slug: Slug.optional(),
      topic: Topic.optional(),
      guests: GuestAccess.default('write'),
      isAnnouncement: z.boolean().default(false),
    }),
    status: [201, 200],
    reply: Conversation,
    errors: [...written, 'invalid_text', 'too_long', 'members_only', 'slug_taken', 'limit_reached', 'id_taken'],
    example: { name: '週末爬山', visibility: 'public', slug: exampleSlug },
    exampleReply: exampleConversation,
  }),
  'rooms.list': route({
    ...reading,
    summary: 'Public rooms, the liveliest first, or those whose name or address begins with q.',
    query: z.object({
      q: z.string().max(limits.searchCharacters).optional(),
      cursor: z.string().max(128).optional(),
      limit: intQuery(z.int().min(1).max(limits.roomPage)).default(limits.roomPage),
    }),
    reply: z.object({ items: z.array(Room), nextCursor: z.string().optional() }),
    errors: [...signedIn, 'scope_missing'],
    exampleReply: { items: [exampleRoom] },
  }),
  'rooms.get': route({
    ...reading,
    summary: 'A room as it looks from outside.',
    params: inRoom,
    reply: Room,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleRoom,
  }),
  'rooms.change': route({
    ...managing,
    summary: 'Change what is given: name, topic and slow mode as a moderator, everything as the owner.',
    params: inRoom,
    body: z
      .object({
        name: Title,
        topic: Topic.nullable(),
        slug: Slug,
        visibility: Visibility,
        guests: GuestAccess,
        isAnnouncement: z.boolean(),
        slowModeMs: SlowMode,
        retentionMs: Retention.nullable(),
        isArchived: z.boolean(),
      })
      .partial()
      .refine((change) => Object.keys(change).length > 0, { message: 'give something to change', path: ['name'] }),
    status: [200],
    reply: Conversation,
    errors: [...managed, 'invalid_text', 'too_long', 'slug_taken'],
    example: { topic: 'Trails within two hours', slowModeMs: 10_000 },
    exampleReply: { ...exampleConversation, topic: 'Trails within two hours', slowModeMs: 10_000 },
  }),
  'rooms.join': route({
    ...entered,
    summary: roomRequests['room:join'].summary,
    params: inRoom,
    body: z.object({ invite: InviteToken.optional() }),
    status: [200],
    reply: Conversation,
    errors: [...written, ...roomRequests['room:join'].errors],
    example: {},
    exampleReply: { ...exampleConversation, role: 'member' },
  }),
  'rooms.leave': route({
    ...entered,
    summary: roomRequests['room:leave'].summary,
    params: inRoom,
    status: [200],
    reply: Member,
    errors: [...written, ...roomRequests['room:leave'].errors],
    exampleReply: { ...exampleMember, role: 'member', state: 'left' },
  }),
  'rooms.members': route({
    ...reading,
    summary: 'Who is in a room, those who have it open first, then owner and moderators; for who is in it.',
    description: 'Moderators can ask for those who are `banned` or `invited` instead.',
    params: inRoom,
    query: z.object({
      state: MemberState.exclude(['left']).default('joined'),
      cursor: z.string().max(256).optional(),
      limit: intQuery(z.int().min(1).max(limits.roomPage)).default(limits.roomPage),
    }),
    reply: z.object({
      items: z.array(Member),
      users: z.array(User),
      count: z.int().min(0).meta({ description: 'How many are in the room.' }),
      nextCursor: z.string().optional(),
    }),
    errors: [...signedIn, 'not_found', 'not_a_member', 'forbidden', 'banned'],
    exampleReply: { items: [{ ...exampleMember, isHere: true }], users: [exampleUser], count: 12 },
  }),
  'rooms.invite': route({
    ...managing,
    summary: 'Invite somebody, as a moderator; they decide for themselves.',
    params: inRoom,
    body: z.object({ userId: Id }),
    status: [201, 200],
    reply: Member,
    errors: [...managed, 'not_accepting', 'limit_reached', 'archived'],
    example: { userId: exampleId },
    exampleReply: { ...exampleMember, role: 'member', state: 'invited' },
  }),
  'rooms.changeMember': route({
    ...managing,
    summary: 'Give somebody below you another role, mute or ban them; one thing at a time.',
    params: ofMember,
    body: z
      .object({
        role: Role.exclude(['owner']),
        mutedUntil: StoredTime.nullable().meta({ description: 'null ends a mute.' }),
        isBanned: z.boolean(),
        withAddress: z.boolean().meta({
          description:
            'With isBanned: whether new guests from the same address are banned too, for a day. Of a guest it is so unless ' +
            'you say no; the address of a member, a shared or a private one is never kept.',
        }),
      })
      .partial()
      .refine(({ withAddress: _, ...change }) => Object.keys(change).length === 1, {
        message: 'give one of role, mutedUntil and isBanned',
        path: ['role'],
      })
      .refine(({ isBanned, withAddress }) => withAddress === undefined || isBanned === true, {
        message: 'goes with isBanned only',
        path: ['withAddress'],
      }),
    status: [200],
    reply: BannedMember,
    errors: managed,
    example: { role: 'moderator' },
    exampleReply: exampleMember,
  }),
  'rooms.removeMember': route({
    ...managing,
    summary: 'Take somebody below you out of the room, or an invitation back.',
    params: ofMember,
    status: [200],
    reply: Member,
    errors: managed,
    exampleReply: { ...exampleMember, role: 'member', state: 'left' },
  }),
  'rooms.handOver': route({
    ...managing,
    summary: 'Make another member the owner; you stay as a moderator.',
    params: inRoom,
    body: z.object({ userId: Id }),
    status: [200],
    reply: Member,
    errors: managed,
    example: { userId: exampleId },
    exampleReply: { ...exampleMember, role: 'owner' },
  }),
  'rooms.createInvite': route({
    ...managing,
    summary: 'Make an invite link, as a moderator. Its secret is shown this once.',
    params: inRoom,
    body: z.object({
      maxUses: z.int().min(1).max(10_000).optional(),
      expiresInMs: z
        .int()
        .min(60_000)
        .max(366 * 24 * 3_600_000)
        .optional(),
    }),
    status: [201],
    reply: z.object({
      invite: Invite,
      token: InviteToken,
      path: z.string().meta({
        description: 'The link below the address of the page; the secret stands behind the #, which no server sees.',
        example: '/r/weekend-hiking#q1Jx0mZcT5m9o2b8Ww3k7A',
      }),
    }),
    errors: [...managed, 'limit_reached', 'archived'],
    example: { maxUses: 10, expiresInMs: 86_400_000 },
    exampleReply: {
      invite: exampleInvite,
      token: 'q1Jx0mZcT5m9o2b8Ww3k7A',
      path: '/r/weekend-hiking#q1Jx0mZcT5m9o2b8Ww3k7A',
    },
  }),
  'rooms.invites': route({
    ...managing,
    summary: 'The invite links of a room that can still be used, for its moderators.',
    params: inRoom,
    status: [200],
    reply: z.object({ items: z.array(Invite), users: z.array(User) }),
    errors: [...signedIn, 'not_found', 'forbidden'],
    exampleReply: { items: [exampleInvite], users: [exampleUser] },
  }),
  'rooms.revokeInvite': route({
    ...managing,
    summary: 'Revoke an invite link. Idempotent.',
    params: z.object({ slug: RoomKey, inviteId: Id }),
    status: [200],
    reply: Invite,
    errors: managed,
    exampleReply: exampleInvite,
  }),
  'rooms.messages': route({
    tag: 'rooms',
    summary: 'A page of a room’s messages, for who is in it.',
    security: 'bearer',
    scope: 'messages:read',
    params: inRoom,
    query: PageQuery,
    status: [200],
    reply: MessagePage,
    errors: [...signedIn, 'not_found', 'not_a_member', 'banned'],
    exampleReply: exampleMessagePage,
  }),
  'rooms.send': route({
    ...sending,
    tag: 'rooms',
    summary: 'Post into a room: the door of outside systems.',
    params: inRoom,
    errors: [...sendErrors, 'not_a_member'],
  }),
});
