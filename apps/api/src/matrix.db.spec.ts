import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type ErrorCode, type RequestName, type RouteName, requests, routes } from '@cloudhop/contracts';
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { v7 as uuidv7 } from 'uuid';
import { type Ask, HostWorld, type Outcome, type Place, outcomeOf, password, people } from './testing/host-world';
import { aGuestSession } from './testing/visitor';

/**
 * Permission matrix: every route and every request, sent by users in each relation to the host. A missing row fails.
 */
const database = testDatabase();
let api: ApiProcess;
const world = new HostWorld(() => api, database);

beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url });
  await world.begin();
}, 60_000);

/** Only the host and friends may write to the host directly. */
const byFriends = { others: 'not_accepting', friend: 'ok', host: 'ok' } as const;
/** Of a private room only who is in it knows, and who is asked in. */
const ofRoom = { others: 'not_found', guest: 'ok', friend: 'ok', host: 'ok' } as const;
const managed = { others: 'not_found', guest: 'forbidden', friend: 'forbidden', host: 'ok' } as const;
const inRoom = { others: 'not_found', guest: 'not_a_member', friend: 'ok', host: 'ok' } as const;
const toHost = ({ host }: Place) => ({ userId: host.user.id });

const requestRows: Record<RequestName, Ask> = {
  'session:renew': { outcomes: 'ok', input: ({ me }) => ({ token: me.token }) },
  'feed:sync': { outcomes: 'ok', input: () => ({}) },
  'conversation:open': { outcomes: 'ok', input: ({ directId }) => ({ conversationId: directId }) },
  'conversation:close': { outcomes: 'ok', input: ({ lobbyId }) => ({ conversationId: lobbyId }) },
  // Somebody else's conversation is not there for anybody but the two.
  'conversation:history': {
    outcomes: { others: 'not_found', host: 'ok', friend: 'ok' },
    input: () => ({ conversationId: world.directs.friend.id }),
  },
  'conversation:read': { outcomes: 'ok', input: ({ directId }) => ({ conversationId: directId, seq: 1 }) },
  'message:send': {
    outcomes: byFriends,
    input: ({ directId }) => ({ conversationId: directId, id: uuidv7(), body: 'psst' }),
  },
  'message:edit': {
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({
      conversationId: directId,
      id: ownMessageId,
      body: 'changed',
      editId: uuidv7(),
    }),
  },
  // Nobody takes away what another said; one's own may always go.
  'message:delete': {
    outcomes: { others: 'forbidden', host: 'ok' },
    input: ({ directId, hostMessageId }) => ({ conversationId: directId, id: hostMessageId }),
  },
  'message:react': {
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({ conversationId: directId, id: ownMessageId, emoji: '🎉', on: true }),
  },
  'message:pin': {
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({ conversationId: directId, id: ownMessageId, on: true }),
  },
  'room:join': { outcomes: ofRoom, input: () => ({ slug: world.roomId }) },
  'room:leave': { outcomes: ofRoom, input: () => ({ slug: world.roomId }) },
  'draft:set': { outcomes: 'ok', input: ({ lobbyId }) => ({ conversationId: lobbyId, body: 'about' }) },
  'friend:request': { outcomes: { others: 'ok', blocked: 'not_accepting', host: 'invalid' }, input: toHost },
  'friend:accept': { outcomes: { others: 'not_found', friend: 'ok', host: 'invalid' }, input: toHost },
  'friend:decline': { outcomes: { others: 'ok', host: 'invalid' }, input: toHost },
  'friend:withdraw': { outcomes: { others: 'ok', host: 'invalid' }, input: toHost },
  'friend:remove': { outcomes: { others: 'ok', host: 'invalid' }, input: toHost },
  'user:block': { outcomes: { others: 'ok', host: 'not_found' }, input: toHost },
  'user:unblock': { outcomes: { others: 'ok', host: 'not_found' }, input: toHost },
  'user:mute': { outcomes: { others: 'ok', host: 'not_found' }, input: toHost },
  'user:unmute': { outcomes: { others: 'ok', host: 'not_found' }, input: toHost },
  'user:lookup': { outcomes: 'ok', input: ({ host }) => ({ users: [{ id: host.user.id }] }) },
  'presence:set': { outcomes: 'ok', input: () => ({ hidden: false }) },
  // Blocked users may type: nobody receives it.
  'typing:set': {
    outcomes: { others: 'not_found', host: 'ok', friend: 'ok' },
    input: () => ({ conversationId: world.directs.friend.id, on: true }),
  },
  'presence:list': { outcomes: 'ok', input: ({ lobbyId }) => ({ conversationId: lobbyId }) },
  'connection:ping': { outcomes: 'ok', input: () => ({}) },
};

interface RouteAsk extends Omit<Ask, 'input'> {
  input?: (place: Place) => { params?: Record<string, string>; query?: string; body?: unknown };
  /** Without a token. */
  nobody: Outcome;
  /** The request ends the session of its sender, who is created for it. */
  isLast?: true;
}

/** Only members see a group: former and invited ones do not. */
const inGroup = { others: 'not_found', friend: 'ok', host: 'ok' } as const;
/** Of the host's conversation with the friend only the two know. */
const amongFriends = { nobody: 'unauthenticated', outcomes: inGroup } as const;
const ofHostMessage = () => ({
  params: { id: world.directs.friend.id, messageId: world.directs.friend.hostMessageId },
});
const directParams = ({ directId }: Place) => ({ id: directId });

const routeRows: Record<RouteName, RouteAsk> = {
  'auth.guest': { nobody: 'ok', outcomes: 'ok' },
  'auth.refresh': { nobody: 'unauthenticated', outcomes: 'unauthenticated' },
  'auth.logout': { nobody: 'ok', outcomes: 'ok' },
  'auth.register': {
    nobody: 'username_taken',
    outcomes: { others: 'already_member', guest: 'username_taken' },
    input: () => ({ body: { username: 'the_HOST', password: 'another password' } }),
  },
  'auth.login': {
    nobody: 'wrong_credentials',
    outcomes: 'wrong_credentials',
    input: () => ({ body: { username: `nobody_${randomUUID()}`, password } }),
  },
  'auth.recover': {
    nobody: 'wrong_credentials',
    outcomes: 'wrong_credentials',
    input: () => ({ body: { code: randomUUID() } }),
  },
  'auth.recoveryCodes': { nobody: 'unauthenticated', outcomes: 'ok', input: () => ({ body: { password } }) },
  'auth.password': {
    nobody: 'unauthenticated',
    outcomes: { others: 'wrong_credentials', guest: 'forbidden' },
    input: () => ({ body: { current: 'not this one', next: 'staple of the month' } }),
  },
  'auth.sessions': { nobody: 'unauthenticated', outcomes: 'ok' },
  // Another's device is no device.
  'auth.endSession': {
    nobody: 'unauthenticated',
    outcomes: 'not_found',
    input: ({ person }) => ({ params: { id: person === 'host' ? uuidv7() : world.hostSessionId } }),
  },
  'auth.endSessions': { nobody: 'unauthenticated', outcomes: 'ok', isLast: true },
  'auth.me': { nobody: 'unauthenticated', outcomes: 'ok' },
  'auth.change': { nobody: 'unauthenticated', outcomes: 'ok', input: () => ({ body: { color: 'mint' } }) },
  'auth.delete': { nobody: 'unauthenticated', outcomes: 'ok', isLast: true },
  // Whom one has blocked finds them all the same: an empty answer would tell of the block.
  'users.find': {
    nobody: 'unauthenticated',
    outcomes: 'ok',
    input: () => ({ query: '?username=the_host' }),
  },
  'users.profile': {
    nobody: 'unauthenticated',
    outcomes: 'ok',
    input: ({ host }) => ({ params: { id: host.user.id } }),
  },
  'friends.list': { nobody: 'unauthenticated', outcomes: 'ok' },
  // The one that is there may be read, whatever came since.
  'conversations.direct': {
    nobody: 'unauthenticated',
    outcomes: 'ok',
    input: ({ host }) => ({ body: { userId: host.user.id } }),
  },
  'conversations.mark': {
    ...amongFriends,
    input: () => ({ params: { id: world.directs.friend.id }, body: { isPinned: true } }),
  },
  'conversations.list': { nobody: 'unauthenticated', outcomes: 'ok' },
  'messages.list': { ...amongFriends, input: () => ({ params: { id: world.directs.friend.id } }) },
  'messages.send': {
    nobody: 'unauthenticated',
    outcomes: byFriends,
    input: (place) => ({ params: directParams(place), body: { body: 'psst' } }),
  },
  'messages.edit': {
    nobody: 'unauthenticated',
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({
      params: { id: directId, messageId: ownMessageId },
      body: { body: 'changed' },
    }),
  },
  'messages.react': {
    nobody: 'unauthenticated',
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({
      params: { id: directId, messageId: ownMessageId },
      body: { emoji: '🌷', on: true },
    }),
  },
  // The friend is no moderator.
  'messages.edits': {
    nobody: 'unauthenticated',
    outcomes: { others: 'not_found', friend: 'forbidden', host: 'ok' },
    input: ofHostMessage,
  },
  'messages.reactions': { ...amongFriends, input: ofHostMessage },
  'messages.seek': {
    ...amongFriends,
    input: () => ({ params: { id: world.directs.friend.id }, query: '?at=2026-01-01T00:00:00Z' }),
  },
  'messages.pin': {
    nobody: 'unauthenticated',
    outcomes: byFriends,
    input: ({ directId, ownMessageId }) => ({ params: { id: directId, messageId: ownMessageId }, body: { on: false } }),
  },
  'messages.delete': {
    nobody: 'unauthenticated',
    outcomes: { others: 'forbidden', host: 'ok' },
    input: ({ directId, hostMessageId }) => ({ params: { id: directId, messageId: hostMessageId } }),
  },
  'messages.pinned': { ...amongFriends, input: () => ({ params: { id: world.directs.friend.id } }) },
  'messages.search': {
    ...amongFriends,
    input: () => ({ query: `?q=hello&conversationId=${world.directs.friend.id}` }),
  },
  'rooms.create': {
    nobody: 'unauthenticated',
    outcomes: { others: 'ok', guest: 'members_only' },
    input: () => ({ body: { name: 'Hikers', visibility: 'unlisted' } }),
  },
  'rooms.list': { nobody: 'unauthenticated', outcomes: 'ok' },
  'rooms.get': { nobody: 'unauthenticated', outcomes: ofRoom, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.change': {
    nobody: 'unauthenticated',
    outcomes: { ...managed, guest: 'not_found' },
    input: () => ({ params: { slug: world.roomId }, body: { topic: 'Plans' } }),
  },
  'rooms.join': { nobody: 'unauthenticated', outcomes: ofRoom, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.leave': { nobody: 'unauthenticated', outcomes: ofRoom, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.members': { nobody: 'unauthenticated', outcomes: inRoom, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.invite': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({ params: { slug: world.roomId }, body: { userId: world.visitors.stranger.user.id } }),
  },
  'rooms.changeMember': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({
      params: { slug: world.roomId, userId: world.visitors.friend.user.id },
      body: { mutedUntil: null },
    }),
  },
  'rooms.removeMember': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({ params: { slug: world.roomId, userId: world.visitors.friend.user.id } }),
  },
  'rooms.handOver': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({ params: { slug: world.roomId }, body: { userId: world.visitors.friend.user.id } }),
  },
  'rooms.createInvite': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({ params: { slug: world.roomId } }),
  },
  'rooms.invites': { nobody: 'unauthenticated', outcomes: managed, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.revokeInvite': {
    nobody: 'unauthenticated',
    outcomes: managed,
    input: () => ({ params: { slug: world.roomId, inviteId: world.inviteId } }),
  },
  'rooms.messages': { nobody: 'unauthenticated', outcomes: inRoom, input: () => ({ params: { slug: world.roomId } }) },
  'rooms.send': {
    nobody: 'unauthenticated',
    outcomes: inRoom,
    input: () => ({ params: { slug: world.roomId }, body: { body: 'me' } }),
  },
  'tokens.create': {
    nobody: 'unauthenticated',
    outcomes: { others: 'ok', guest: 'members_only' },
    input: () => ({ body: { label: 'Build server', scopes: ['rooms:read'] } }),
  },
  'tokens.list': { nobody: 'unauthenticated', outcomes: 'ok' },
  // Nobody ends another's.
  'tokens.revoke': { nobody: 'unauthenticated', outcomes: 'not_found', input: () => ({ params: { id: uuidv7() } }) },
  'settings.get': { nobody: 'unauthenticated', outcomes: 'ok' },
  'settings.change': { nobody: 'unauthenticated', outcomes: 'ok', input: () => ({ body: { acceptsRequests: true } }) },
  'groups.create': {
    nobody: 'unauthenticated',
    outcomes: 'ok',
    input: () => ({ body: { id: uuidv7(), title: 'Hikers' } }),
  },
  'groups.change': {
    nobody: 'unauthenticated',
    outcomes: { others: 'not_found', friend: 'forbidden', host: 'ok' },
    input: () => ({ params: { id: world.groupId }, body: { color: 'mint' } }),
  },
  'groups.members': {
    nobody: 'unauthenticated',
    outcomes: inGroup,
    input: () => ({ params: { id: world.groupId } }),
  },
  'groups.add': {
    nobody: 'unauthenticated',
    outcomes: inGroup,
    input: () => ({ params: { id: world.groupId }, body: { userId: world.visitors.stranger.user.id } }),
  },
  // An invitation is taken back by who invited, or by the owner.
  'groups.remove': {
    nobody: 'unauthenticated',
    outcomes: { others: 'not_found', friend: 'forbidden', host: 'ok' },
    input: () => ({ params: { id: world.groupId, userId: world.visitors.guest.user.id } }),
  },
  'groups.join': {
    nobody: 'unauthenticated',
    outcomes: { others: 'not_found', guest: 'ok', friend: 'ok', host: 'ok' },
    input: () => ({ params: { id: world.groupId } }),
  },
  // Who has left has left.
  'groups.leave': {
    nobody: 'unauthenticated',
    outcomes: { others: 'ok', blocked: 'not_found' },
    input: () => ({ params: { id: world.groupId } }),
  },
  'groups.handOver': {
    nobody: 'unauthenticated',
    outcomes: { others: 'not_found', friend: 'forbidden', host: 'ok' },
    input: () => ({ params: { id: world.groupId }, body: { userId: world.visitors.friend.user.id } }),
  },
  'health.live': { nobody: 'ok', outcomes: 'ok' },
  'health.ready': { nobody: 'ok', outcomes: 'ok' },
  'status.get': { nobody: 'ok', outcomes: 'ok' },
};

test('every request and every route has its row', () => {
  expect(Object.keys(requestRows).sort()).toEqual(Object.keys(requests).sort());
  expect(Object.keys(routeRows).sort()).toEqual(Object.keys(routes).sort());
});

test('nobody has a socket', async () => {
  const socket = io(api.url, { transports: ['websocket'], reconnection: false, forceNew: true });
  const error = await new Promise<Error & { data?: unknown }>((resolve) => socket.once('connect_error', resolve));
  socket.disconnect();
  expect(error.data).toMatchObject({ code: 'unauthenticated' });
});

test.each(Object.entries(requestRows))(
  '%s is for whom it is for',
  (name, ask) => world.expectOutcomes(name, ask),
  30_000,
);

const groupRequests = {
  'conversation:open': () => ({ conversationId: world.groupId }),
  'conversation:history': () => ({ conversationId: world.groupId }),
  'conversation:read': () => ({ conversationId: world.groupId, seq: 1 }),
  'message:send': () => ({ conversationId: world.groupId, id: uuidv7(), body: 'me' }),
  'draft:set': () => ({ conversationId: world.groupId, body: 'me' }),
} satisfies Partial<Record<RequestName, () => unknown>>;

test.each(Object.entries(groupRequests))(
  '%s in a group is for its members only',
  (name, input) => world.expectOutcomes(name, { outcomes: inGroup, input }),
  30_000,
);

test.each(Object.entries(routeRows))(
  '%s answers whom it may',
  async (name, { nobody, outcomes, input, isLast }) => {
    const route = routes[name as RouteName];
    const ask = async (place: Place, token: string | undefined) => {
      const { params = {}, query = '', body } = input?.(place) ?? {};
      const path = route.path.replace(/\{(\w+)\}/g, (_, parameter: string) => params[parameter]!);
      const response = await fetch(`${api.url}/api${path}${query}`, {
        method: route.method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(route.method !== 'GET' && { 'content-type': 'application/json' }),
        },
        ...(route.method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
      });
      if (response.ok) return 'ok';
      return ((await response.json()) as { error: { code: ErrorCode } }).error.code;
    };
    await world.standAsNamed();
    expect([name, 'nobody', await ask(world.placeOf('stranger'), undefined)]).toEqual([name, 'nobody', nobody]);
    for (const person of people) {
      await world.standAsNamed();
      const place = world.placeOf(person);
      const { accessToken } = isLast ? await aGuestSession(api.url) : { accessToken: place.me.token };
      expect([name, person, await ask(place, accessToken)]).toEqual([name, person, outcomeOf(outcomes, person)]);
    }
  },
  30_000,
);
