import * as z from 'zod';
import { exampleId, exampleUser } from '../auth/examples';
import { AvatarColor, User } from '../auth/resources';
import { Conversation } from '../conversations/conversation';
import { Member } from '../conversations/members';
import { limits } from '../limits';
import { route, routesAt, signedIn, written } from '../route-row';
import { ClientId, Id } from '../scalars';
import { Title } from '../text/text-schema';
import { groupEndpoints } from './endpoints';

const inGroup = z.object({ id: Id });

const exampleMember: Member = { userId: exampleId, role: 'member', state: 'joined' };

const exampleGroup: Conversation = {
  id: exampleId,
  kind: 'group',
  title: '週末爬山',
  slowModeMs: 0,
  seq: 3,
  rev: 5,
  floorSeq: 0,
  readSeq: 3,
  role: 'owner',
};

/** Groups of up to limits.groupMembers people. Members invite others; the owner decides the rest. */
export const groupRoutes = routesAt(groupEndpoints, {
  'groups.create': route({
    tag: 'groups',
    summary: 'Create a group, optionally with initial members.',
    description: 'Idempotent: the client generates the id, and a retry returns 200 and the same group.',
    security: 'bearer',
    body: z.object({
      id: ClientId,
      title: Title,
      color: AvatarColor.optional(),
      userIds: z
        .array(Id)
        .max(limits.groupMembers - 1)
        .default([])
        .meta({
          description: 'Initial members. Friends join immediately; other users are invited if their settings allow it.',
        }),
    }),
    status: [201, 200],
    reply: Conversation,
    errors: [...written, 'invalid_text', 'too_long', 'not_found', 'not_accepting', 'limit_reached', 'id_taken'],
    example: { id: '01900000-0000-7000-8000-0000000000ab', title: '週末爬山', userIds: [exampleId] },
    exampleReply: exampleGroup,
  }),
  'groups.change': route({
    tag: 'groups',
    summary: 'Update the title or colour of a group. Only for its owner.',
    security: 'bearer',
    params: inGroup,
    body: z
      .object({ title: Title.optional(), color: AvatarColor.optional() })
      .refine(({ title, color }) => title !== undefined || color !== undefined, {
        message: 'title or color is required',
        path: ['title'],
      }),
    status: [200],
    reply: Conversation,
    errors: [...written, 'invalid_text', 'too_long', 'not_found', 'forbidden'],
    example: { title: '週末爬山' },
    exampleReply: exampleGroup,
  }),
  'groups.members': route({
    tag: 'groups',
    summary: 'List the members of a group, including invited users. At most 50.',
    security: 'bearer',
    params: inGroup,
    status: [200],
    reply: z.object({ items: z.array(Member), users: z.array(User) }),
    errors: [...signedIn, 'not_found'],
    exampleReply: { items: [exampleMember], users: [exampleUser] },
  }),
  'groups.add': route({
    tag: 'groups',
    summary: 'Add a user to a group. Friends join immediately; other users are invited.',
    security: 'bearer',
    params: inGroup,
    body: z.object({ userId: Id }),
    status: [201, 200],
    reply: Member,
    errors: [...written, 'not_found', 'not_accepting', 'limit_reached'],
    example: { userId: exampleId },
    exampleReply: exampleMember,
  }),
  'groups.remove': route({
    tag: 'groups',
    summary:
      'Remove a member, or withdraw an invitation. Only for the owner; an invitation also for the member who sent it.',
    security: 'bearer',
    params: z.object({ id: Id, userId: Id }),
    status: [200],
    reply: Member,
    errors: [...written, 'not_found', 'forbidden'],
    exampleReply: { ...exampleMember, state: 'left' },
  }),
  'groups.join': route({
    tag: 'groups',
    summary: 'Accept an invitation to a group. Idempotent.',
    security: 'bearer',
    params: inGroup,
    status: [200],
    reply: Conversation,
    errors: [...written, 'not_found'],
    exampleReply: { ...exampleGroup, role: 'member' },
  }),
  'groups.leave': route({
    tag: 'groups',
    summary:
      'Leave a group, or decline an invitation. If the owner leaves, the longest-standing member becomes the owner.',
    security: 'bearer',
    params: inGroup,
    status: [200],
    reply: Member,
    errors: [...written, 'not_found'],
    exampleReply: { ...exampleMember, state: 'left' },
  }),
  'groups.handOver': route({
    tag: 'groups',
    summary: 'Transfer ownership of a group to another member.',
    security: 'bearer',
    params: inGroup,
    body: z.object({ userId: Id }),
    status: [200],
    reply: Member,
    errors: [...written, 'not_found', 'forbidden'],
    example: { userId: exampleId },
    exampleReply: { ...exampleMember, role: 'owner' },
  }),
});
