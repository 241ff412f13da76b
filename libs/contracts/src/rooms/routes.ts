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

const SlowMode = z.int().min(0).max(limits.slowModeMs).meta({
  description: 'Minimum interval between two messages of one member, in milliseconds. 0 turns slow mode off.',
});

const Retention = z
  .int()
  .min(limits.retentionMinMs)
  .max(limits.retentionMaxMs)
  .meta({ description: 'Retention of messages, in milliseconds.' });

/** Rooms. {slug} also takes the room's id. An outsider of a private room gets 404, whatever they ask. */
export const roomRoutes = routesAt(roomEndpoints, {
  'rooms.create': route({
    ...entered,
    summary: 'Create a room. Guests can create public rooms only.',
    description:
      'If slug is absent, it is derived from the name. Idempotent with a client-generated id: a retry returns 200 and the same room.',
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
    summary: 'List public rooms, most recently active first. With q: those whose name or slug begins with q.',
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
    summary: 'Get a room, as visible to non-members.',
    params: inRoom,
    reply: Room,
    errors: [...signedIn, 'not_found'],
    exampleReply: exampleRoom,
  }),
  'rooms.change': route({
    ...managing,
    summary: 'Update a room. Moderators can change name, topic and slow mode; the owner can change everything.',
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
      .refine((change) => Object.keys(change).length > 0, {
        message: 'at least one property is required',
        path: ['name'],
      }),
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
    summary:
      'List the members of a room. Members who have it open come first, then the owner and moderators. Only for members.',
    description: 'Moderators can also list `banned` or `invited` users.',
    params: inRoom,
    query: z.object({
      state: MemberState.exclude(['left']).default('joined'),
      cursor: z.string().max(256).optional(),
      limit: intQuery(z.int().min(1).max(limits.roomPage)).default(limits.roomPage),
    }),
    reply: z.object({
      items: z.array(Member),
      users: z.array(User),
      count: z.int().min(0).meta({ description: 'Number of members.' }),
      nextCursor: z.string().optional(),
    }),
    errors: [...signedIn, 'not_found', 'not_a_member', 'forbidden', 'banned'],
    exampleReply: { items: [{ ...exampleMember, isHere: true }], users: [exampleUser], count: 12 },
  }),
  'rooms.invite': route({
    ...managing,
    summary: 'Invite a user to a room. Only for moderators. The user can accept or decline.',
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
    summary: 'Change the role of a member below your own role, or mute or ban them. One change per request.',
    params: ofMember,
    body: z
      .object({
        role: Role.exclude(['owner']),
        mutedUntil: StoredTime.nullable().meta({ description: 'End of the mute. null unmutes the member.' }),
        isBanned: z.boolean(),
        withAddress: z.boolean().meta({
          description:
            'With isBanned only: true to also ban new guests from the same address, for a day. Default for guests: true. ' +
            'Addresses of members, shared addresses and private addresses are never stored.',
        }),
      })
      .partial()
      .refine(({ withAddress: _, ...change }) => Object.keys(change).length === 1, {
        message: 'exactly one of role, mutedUntil and isBanned is required',
        path: ['role'],
      })
      .refine(({ isBanned, withAddress }) => withAddress === undefined || isBanned === true, {
        message: 'requires isBanned to be true',
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
    summary: 'Remove a member below your own role, or withdraw an invitation.',
    params: ofMember,
    status: [200],
    reply: Member,
    errors: managed,
    exampleReply: { ...exampleMember, role: 'member', state: 'left' },
  }),
  'rooms.handOver': route({
    ...managing,
    summary: 'Transfer ownership of a room to another member. You become a moderator.',
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
    summary: 'Create an invite link. Only for moderators. The secret is returned only once.',
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
        description:
          'Path of the link, relative to the public URL. The secret is in the fragment, which browsers do not send to servers.',
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
    summary: 'List the active invite links of a room. Only for moderators.',
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
    summary: 'List the messages of a room. Only for members.',
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
    summary: 'Send a message to a room. Intended for integrations.',
    params: inRoom,
    errors: [...sendErrors, 'not_a_member'],
  }),
});
