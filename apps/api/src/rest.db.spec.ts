import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type RouteName, type Session, defaultSettings, routes } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { DocumentedAsks } from './testing/documented-asks';
import { OpenApi } from './testing/open-api';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
let api: ApiProcess;
let openApi: OpenApi;
let visitor: Visitor;
let cookie: string;

const { ask, refused, answered } = new DocumentedAsks(
  () => api.url,
  () => openApi,
  () => visitor.token,
);
beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url });
  openApi = new OpenApi((await (await fetch(`${api.url}/api/openapi.json`)).json()) as object);
  visitor = await aVisitor(api.url, undefined, { isLasting: true });
}, 30_000);

const foreign = { origin: 'https://evil.example' };
const text = { 'content-type': 'text/plain' };

test('a guest comes, and stays with the cookie', async () => {
  const first = await ask('auth.guest', { body: { displayName: '小桃' } });
  expect([first.status, first.json]).toMatchObject([201, { user: { displayName: '小桃', kind: 'guest' } }]);
  cookie = first.cookie!;
  const again = await ask('auth.guest', { headers: { cookie } });
  expect([again.status, again.json]).toMatchObject([200, { user: { displayName: '小桃' } }]);
  cookie = again.cookie ?? cookie;
  await refused('auth.guest', 'invalid_text', { body: { displayName: ' ' } });
  await refused('auth.guest', 'too_long', { body: { displayName: 'x'.repeat(33) } });
  await refused('auth.guest', 'invalid', { body: '{' });
  await refused('auth.guest', 'payload_too_large', { body: { displayName: 'x'.repeat(70_000) } });
  await refused('auth.guest', 'foreign_origin', { headers: foreign });
  await refused('auth.guest', 'unsupported_media_type', { headers: text });
});

test('a session is refreshed, and ends', async () => {
  const refreshed = await ask('auth.refresh', { headers: { cookie } });
  expect(refreshed.status).toBe(200);
  const token = (refreshed.json as { accessToken: string }).accessToken;
  expect((await ask('auth.me', { token })).status).toBe(200);
  await refused('auth.refresh', 'unauthenticated');
  await refused('auth.refresh', 'unauthenticated', { headers: { cookie: 'cloudhop_refresh=forged' } });
  await refused('auth.refresh', 'foreign_origin', { headers: { ...foreign, cookie } });
  await refused('auth.logout', 'foreign_origin', { headers: { ...foreign, cookie } });
  await refused('auth.logout', 'unsupported_media_type', { headers: { ...text, cookie } });
  const left = await ask('auth.logout', { headers: { cookie: refreshed.cookie ?? cookie } });
  expect([left.status, left.json]).toEqual([204, undefined]);
  await refused('auth.me', 'session_ended', { token });
});

test('somebody asks who they are, and takes a name', async () => {
  expect((await ask('auth.me')).json).toMatchObject({ id: visitor.user.id });
  await refused('auth.me', 'unauthenticated', { token: null });
  await refused('auth.me', 'unauthenticated', { token: 'forged' });
  expect((await ask('auth.change', { body: { displayName: '阿明' } })).json).toMatchObject({ displayName: '阿明' });
  await refused('auth.change', 'invalid', { body: {} });
  await refused('auth.change', 'invalid_text', { body: { displayName: 'a\u0000' } });
  await refused('auth.change', 'unauthenticated', { token: null, body: { displayName: 'x' } });
});

test('somebody registers, signs in elsewhere, and signs devices out', async () => {
  const account = { username: 'momo', password: 'correct horse battery' };
  const guest = await ask('auth.guest');
  const authorization = `Bearer ${(guest.json as { accessToken: string }).accessToken}`;
  const registered = await ask('auth.register', { body: account, headers: { authorization } });
  expect([registered.status, registered.json]).toMatchObject([201, { user: { kind: 'member', username: 'momo' } }]);
  const { accessToken: token } = registered.json as { accessToken: string };
  expect((await ask('auth.register', { body: account, headers: { authorization } })).status).toBe(200);
  await refused('auth.register', 'username_taken', { body: { ...account, username: 'M0M0' } });
  await refused('auth.register', 'weak_password', { body: { username: 'somebody', password: 'password1' } });
  await refused('auth.register', 'invalid_text', { body: { ...account, username: 'no spaces' } });
  await refused('auth.register', 'foreign_origin', { body: account, headers: foreign });
  await refused('auth.register', 'unauthenticated', { body: account, headers: { authorization: 'Bearer forged' } });

  await refused('auth.login', 'wrong_credentials', { body: { ...account, password: 'wrong password' } });
  await refused('auth.login', 'invalid', { body: { username: 'momo' } });
  const elsewhere = await ask('auth.login', { body: account });
  expect(elsewhere.json).toMatchObject({ user: { username: 'momo' } });

  const { items } = (await ask('auth.sessions', { token })).json as { items: { id: string; isCurrent: boolean }[] };
  expect(items).toHaveLength(2);
  await refused('auth.sessions', 'unauthenticated', { token: null });
  const params = { id: items.find(({ isCurrent }) => !isCurrent)!.id };
  expect((await ask('auth.endSession', { params, token })).status).toBe(204);
  await refused('auth.endSession', 'not_found', { params, token });
  await refused('auth.endSession', 'foreign_origin', { params, token, headers: foreign });
  await refused('auth.refresh', 'session_ended', { headers: { cookie: elsewhere.cookie! } });

  const change = { current: account.password, next: 'staple of the month' };
  await refused('auth.password', 'wrong_credentials', { body: { ...change, current: 'wrong password' }, token });
  await refused('auth.password', 'forbidden', { body: change });
  expect((await ask('auth.password', { body: change, token })).status).toBe(204);
  await refused('auth.recoveryCodes', 'wrong_credentials', { token });
  const made = await ask('auth.recoveryCodes', { token, body: { password: change.next } });
  expect([made.status, made.json]).toEqual([201, { codes: expect.any(Array) }]);
  const [code] = (made.json as { codes: string[] }).codes;
  await refused('auth.recover', 'wrong_credentials', { body: { code: 'none', password: account.password } });
  await refused('auth.recover', 'invalid', { body: { code } });
  const back = await ask('auth.recover', { body: { code, password: account.password } });
  expect(back.json).toMatchObject({ user: { username: 'momo' } });
  await refused('auth.me', 'session_ended', { token });
  await refused('auth.endSessions', 'unauthenticated', { token: null });
  const { accessToken } = back.json as { accessToken: string };
  expect((await ask('auth.endSessions', { token: accessToken })).status).toBe(204);
  await refused('auth.me', 'session_ended', { token: accessToken });
});

test('people are found, befriended, talked to and kept in order', async () => {
  const account = { username: 'aming', password: 'correct horse battery' };
  const { accessToken: token, user } = (await ask('auth.register', { body: account })).json as Session;
  const found = await ask('users.find', { query: '?username=AMING' });
  expect(found.json).toMatchObject({ user: { id: user.id, username: 'aming' }, formerNames: [], mayMessage: false });
  await refused('users.find', 'not_found', { query: '?username=nobody' });
  await refused('users.find', 'invalid');
  expect((await ask('users.profile', { params: { id: user.id } })).json).toEqual(found.json);
  await refused('users.profile', 'not_found', { params: { id: uuidv7() } });

  await refused('conversations.direct', 'not_accepting', { body: { userId: user.id } });
  await refused('conversations.direct', 'not_found', { body: { userId: uuidv7() } });
  expect((await ask('settings.get', { token })).json).toEqual(defaultSettings);
  await refused('settings.get', 'unauthenticated', { token: null });
  await refused('settings.change', 'invalid', { token, body: { whoMayMessage: 'everyone' } });
  expect((await ask('settings.change', { token, body: { whoMayMessage: 'anyone' } })).json).toMatchObject({
    whoMayMessage: 'anyone',
  });
  const opened = await ask('conversations.direct', { body: { userId: user.id } });
  expect([opened.status, opened.json]).toMatchObject([201, { kind: 'direct', peerId: user.id, seq: 0 }]);
  const again = await ask('conversations.direct', { token, body: { userId: visitor.user.id } });
  const { id } = opened.json as { id: string };
  expect([again.status, again.json]).toMatchObject([200, { id, peerId: visitor.user.id }]);
  const saved = await ask('conversations.direct', { body: { userId: visitor.user.id } });
  expect([saved.status, saved.json]).toMatchObject([201, { peerId: visitor.user.id }]);

  const params = { id };
  expect((await ask('messages.send', { params, body: { body: 'for you alone' } })).status).toBe(201);
  expect((await ask('conversations.mark', { params, token, body: { isPinned: true } })).json).toMatchObject({
    pinnedAt: expect.any(String),
  });
  expect((await ask('conversations.mark', { params, token, body: { clearedSeq: 1 } })).json).toMatchObject({
    clearedSeq: 1,
    pinnedAt: expect.any(String),
  });
  expect((await ask('messages.list', { params, token })).json).toMatchObject({ items: [], hasBefore: false });
  expect((await ask('messages.list', { params })).json).toMatchObject({ items: [{ body: 'for you alone' }] });
  await refused('conversations.mark', 'invalid', { params, body: {} });
  await refused('conversations.mark', 'not_found', { params: { id: uuidv7() }, body: { isPinned: true } });

  const asked = await visitor.request('friend:request', { username: 'Aming', note: 'We met 🌷' });
  expect(asked).toMatchObject({ ok: true, data: { friend: { state: 'sent' }, user: { id: user.id } } });
  expect((await ask('friends.list')).json).toMatchObject({ items: [{ friend: { state: 'sent', note: 'We met 🌷' } }] });
  await refused('friends.list', 'invalid', { query: '?cursor=first' });

  const group = uuidv7();
  const made = await ask('groups.create', { body: { id: group, title: 'Hikers', userIds: [user.id] } });
  expect([made.status, made.json]).toMatchObject([201, { id: group, kind: 'group', role: 'owner' }]);
  await refused('groups.create', 'invalid_text', { body: { id: group, title: '' } });
  const inGroup = { id: group };
  expect((await ask('groups.change', { params: inGroup, body: { color: 'sky' } })).json).toMatchObject({
    color: 'sky',
  });
  await refused('groups.change', 'not_found', { params: inGroup, token, body: { color: 'sky' } });
  expect((await ask('groups.join', { params: inGroup, token })).json).toMatchObject({ role: 'member' });
  await refused('groups.join', 'not_found', { params: { id: uuidv7() }, token });
  expect((await ask('groups.members', { params: inGroup })).json).toMatchObject({
    items: [{ role: 'owner' }, { userId: user.id, state: 'joined' }],
  });
  await refused('groups.members', 'not_found', { params: { id } });
  expect((await ask('groups.handOver', { params: inGroup, body: { userId: user.id } })).json).toMatchObject({
    role: 'owner',
  });
  await refused('groups.handOver', 'forbidden', { params: inGroup, body: { userId: user.id } });
  expect((await ask('groups.leave', { params: inGroup })).json).toMatchObject({ state: 'left' });
  await refused('groups.leave', 'not_found', { params: { id: uuidv7() } });
  const back = await ask('groups.add', { params: inGroup, token, body: { userId: visitor.user.id } });
  expect([back.status, back.json]).toMatchObject([201, { state: 'invited' }]);
  await refused('groups.add', 'not_found', { params: inGroup, token, body: { userId: uuidv7() } });
  const out = { ...inGroup, userId: visitor.user.id };
  expect((await ask('groups.remove', { params: out, token })).json).toMatchObject({ state: 'left' });
  await refused('groups.remove', 'not_found', { params: out });

  await refused('auth.delete', 'wrong_credentials', { token });
  expect((await ask('auth.delete', { token, body: { password: account.password } })).status).toBe(204);
  await refused('auth.me', 'session_ended', { token });
  await refused('auth.login', 'wrong_credentials', { body: account });
  await refused('users.find', 'not_found', { query: '?username=aming' });
  await refused('messages.send', 'person_gone', { params, body: { body: 'still there?' } });
  expect((await ask('users.profile', { params: { id: user.id } })).json).toMatchObject({
    user: { displayName: 'Deleted user', isGone: true },
  });
  expect((await ask('friends.list')).json).toEqual({ items: [] });
});

test('messages are sent, sent again, and read', async () => {
  const params = { id: visitor.lobbyId };
  const id = uuidv7();
  const sent = await ask('messages.send', { params, body: { id, body: 'Build 412 is green ✅' } });
  expect([sent.status, sent.json]).toMatchObject([201, { id, seq: expect.any(Number) }]);
  expect(await ask('messages.send', { params, body: { id, body: 'again' } })).toMatchObject({
    status: 200,
    json: sent.json,
  });
  expect((await ask('messages.send', { params, body: { body: 'without an id' } })).status).toBe(201);
  await refused('messages.send', 'invalid_text', { params, body: { body: '' } });
  await refused('messages.send', 'too_long', { params, body: { body: 'x'.repeat(20_000) } });
  await refused('messages.send', 'invalid', { params: { id: 'lobby' }, body: { body: 'x' } });
  await refused('messages.send', 'not_found', { params: { id: uuidv7() }, body: { body: 'x' } });
  await refused('messages.send', 'unauthenticated', { params, token: null, body: { body: 'x' } });

  expect((await ask('conversations.list')).json).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ id: visitor.lobbyId, kind: 'lobby' })]),
  });
  await refused('conversations.list', 'invalid', { query: '?limit=0' });
  await refused('conversations.list', 'unauthenticated', { token: null });

  const page = await ask('messages.list', { params, query: '?limit=1' });
  expect(page.json).toMatchObject({ items: [{ body: 'without an id' }], hasBefore: true, hasAfter: false });
  const { nextCursor } = page.json as { nextCursor: string };
  expect((await ask('messages.list', { params, query: `?limit=1&before=${nextCursor}` })).json).toMatchObject({
    items: [{ id }],
  });
  await refused('messages.list', 'invalid', { params, query: '?before=1&after=2' });
  await refused('messages.list', 'invalid', { params, query: '?limit=1000' });
  await refused('messages.list', 'not_found', { params: { id: uuidv7() } });
  await refused('messages.list', 'unauthenticated', { params, token: null });
});

test('a message is changed, reacted to, pinned, looked for and taken away', async () => {
  const saved = await ask('conversations.direct', { body: { userId: visitor.user.id } });
  const { id } = saved.json as { id: string };
  const messageId = uuidv7();
  await ask('messages.send', { params: { id }, body: { id: messageId, body: 'Shopping: 蘋果' } });
  const params = { id, messageId };
  const nowhere = { id, messageId: uuidv7() };
  expect((await ask('messages.edit', { params, body: { body: 'Shopping: 香蕉' } })).json).toMatchObject({
    editedAt: expect.any(String),
  });
  await refused('messages.edit', 'not_found', { params: nowhere, body: { body: 'x' } });
  expect((await ask('messages.react', { params, body: { emoji: '🎉', on: true } })).json).toMatchObject({
    reactions: [{ emoji: '🎉', count: 1 }],
  });
  await refused('messages.react', 'invalid', { params, body: { emoji: 'x', on: true } });
  const texts = ['Shopping: 香蕉', 'Shopping: 蘋果'].map((body) => ({ body }));
  expect((await ask('messages.edits', { params })).json).toMatchObject({ items: texts });
  expect((await ask('messages.reactions', { params })).json).toMatchObject({ items: [{ emoji: '🎉' }] });
  for (const name of ['messages.edits', 'messages.reactions'] as const)
    await refused(name, 'not_found', { params: nowhere });
  expect((await ask('messages.seek', { params: { id }, query: '?at=2026-01-01T00:00:00Z' })).json).toEqual({ seq: 1 });
  await refused('messages.seek', 'invalid', { params: { id }, query: '?at=yesterday' });
  expect((await ask('messages.pin', { params, body: { on: true } })).json).toMatchObject({
    pinnedAt: expect.any(String),
  });
  await refused('messages.pin', 'not_found', { params: nowhere, body: { on: true } });
  expect((await ask('messages.pinned', { params: { id } })).json).toMatchObject({ items: [{ id: messageId }] });
  await refused('messages.pinned', 'not_found', { params: { id: uuidv7() } });
  await until(async () => {
    const found = await ask('messages.search', { query: `?q=${encodeURIComponent('香蕉')}&conversationId=${id}` });
    return (found.json as { items: unknown[] }).items.length === 1;
  });
  await refused('messages.search', 'invalid', { query: '?q=' });
  expect((await ask('messages.delete', { params })).json).toMatchObject({ body: '', deletedAt: expect.any(String) });
  await refused('messages.delete', 'not_found', { params: nowhere });
});

test('a room is made, found, entered, posted into and looked after', async () => {
  const account = { username: 'roomy', password: 'correct horse battery' };
  const { accessToken: token, user } = (await ask('auth.register', { body: account })).json as Session;
  const made = await ask('rooms.create', { token, body: { name: '週末爬山', slug: 'weekend-hiking' } });
  expect([made.status, made.json]).toMatchObject([201, { kind: 'room', slug: 'weekend-hiking', role: 'owner' }]);
  await refused('rooms.create', 'slug_taken', { body: { name: 'x', slug: 'weekend-hiking' } });
  const params = { slug: 'weekend-hiking' };
  const nowhere = { slug: 'nowhere' };
  expect((await ask('rooms.list', { query: `?q=${encodeURIComponent('週末')}` })).json).toMatchObject({
    items: [{ title: '週末爬山' }],
  });
  await refused('rooms.list', 'invalid', { query: '?limit=51' });
  expect((await ask('rooms.get', { params })).json).toMatchObject({ memberCount: 1 });
  await refused('rooms.get', 'not_found', { params: nowhere });
  await refused('rooms.messages', 'not_a_member', { params });
  await refused('rooms.send', 'not_a_member', { params, body: { body: 'let me' } });
  expect((await ask('rooms.join', { params })).json).toMatchObject({ role: 'member', memberCount: 2 });
  await refused('rooms.join', 'not_found', { params: nowhere });
  const headers = { 'idempotency-key': 'build-412' };
  expect((await ask('rooms.send', { params, headers, body: { body: 'Build 412' } })).status).toBe(201);
  expect((await ask('rooms.send', { params, headers, body: { body: 'Build 412' } })).status).toBe(200);
  expect((await ask('rooms.messages', { params })).json).toMatchObject({ items: [{ body: 'Build 412' }] });
  expect((await ask('rooms.change', { params, token, body: { topic: 'Trails' } })).json).toMatchObject({
    topic: 'Trails',
  });
  await refused('rooms.change', 'forbidden', { params, body: { topic: 'Mine' } });
  expect((await ask('rooms.members', { params })).json).toMatchObject({
    items: [{ role: 'owner' }, { userId: visitor.user.id }],
    count: 2,
  });
  await refused('rooms.members', 'forbidden', { params, query: '?state=banned' });
  const me = { ...params, userId: visitor.user.id };
  expect((await ask('rooms.changeMember', { params: me, token, body: { role: 'moderator' } })).json).toMatchObject({
    role: 'moderator',
  });
  await refused('rooms.changeMember', 'forbidden', {
    params: { ...params, userId: user.id },
    body: { isBanned: true },
  });
  const link = await ask('rooms.createInvite', { params, token, body: { maxUses: 1 } });
  expect([link.status, link.json]).toMatchObject([201, { invite: { uses: 0, maxUses: 1 } }]);
  await refused('rooms.createInvite', 'invalid', { params, token, body: { maxUses: 0 } });
  expect((await ask('rooms.invites', { params, token })).json).toMatchObject({ items: [{ maxUses: 1 }] });
  await refused('rooms.invites', 'not_found', { params: nowhere });
  const inviteId = (link.json as { invite: { id: string } }).invite.id;
  expect((await ask('rooms.revokeInvite', { params: { ...params, inviteId }, token })).status).toBe(200);
  await refused('rooms.revokeInvite', 'not_found', { params: { ...params, inviteId: uuidv7() }, token });
  expect((await ask('rooms.handOver', { params, token, body: { userId: visitor.user.id } })).json).toMatchObject({
    role: 'owner',
  });
  await refused('rooms.handOver', 'forbidden', { params, token, body: { userId: user.id } });
  expect((await ask('rooms.removeMember', { params: { ...params, userId: user.id } })).json).toMatchObject({
    state: 'left',
  });
  await refused('rooms.removeMember', 'forbidden', { params: me, token });
  const invited = await ask('rooms.invite', { params, body: { userId: user.id } });
  expect([invited.status, invited.json]).toMatchObject([201, { state: 'invited' }]);
  await refused('rooms.invite', 'not_found', { params, body: { userId: uuidv7() } });
  expect((await ask('rooms.leave', { params, token })).json).toMatchObject({ state: 'left' });
  await refused('rooms.leave', 'not_found', { params: nowhere });

  const created = await ask('tokens.create', { token, body: { label: 'Build server', scopes: ['rooms:read'] } });
  expect([created.status, created.json]).toMatchObject([201, { secret: expect.stringMatching(/^chp_/) }]);
  await refused('tokens.create', 'members_only', { body: { label: 'x', scopes: ['rooms:read'] } });
  const { secret, token: api } = created.json as { secret: string; token: { id: string } };
  expect((await ask('rooms.list', { token: secret })).status).toBe(200);
  await refused('rooms.create', 'scope_missing', { token: secret, body: { name: 'x' } });
  expect((await ask('tokens.list', { token })).json).toMatchObject({ items: [{ label: 'Build server' }] });
  await refused('tokens.list', 'scope_missing', { token: secret });
  expect((await ask('tokens.revoke', { token, params: { id: api.id } })).status).toBe(200);
  await refused('tokens.revoke', 'not_found', { token, params: { id: uuidv7() } });
  await refused('rooms.list', 'unauthenticated', { token: secret });
});

test('probes are answered', async () => {
  expect((await ask('health.live')).json).toMatchObject({ status: 'ok' });
  expect((await ask('status.get')).json).toMatchObject({ degraded: [], nodes: [{ isThis: true }] });
  expect((await ask('health.ready')).json).toMatchObject({ status: 'ok', checks: { database: true } });
});

test('who asks too often is told when to come back, in the body and in the headers', async () => {
  let last = await ask('auth.change', { body: { displayName: '阿明' } });
  for (let n = 0; n < 20 && last.status !== 429; n++)
    last = await ask('auth.change', { body: { displayName: '阿明' } });
  expect(last).toMatchObject({
    status: 429,
    json: { error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } },
  });
  expect(last.response.headers.get('ratelimit-remaining')).toBe('0');
  expect(Number(last.response.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a spoofed X-Forwarded-For is nobody else: without trusted proxies the limit still counts', async () => {
  const remaining: number[] = [];
  for (const address of ['203.0.113.1', '203.0.113.2', '2001:db8::1'])
    remaining.push(
      Number(
        (await ask('auth.me', { headers: { 'x-forwarded-for': address } })).response.headers.get('ratelimit-remaining'),
      ),
    );
  expect(remaining).toEqual([remaining[0], remaining[0]! - 1, remaining[0]! - 2]);
});

test('while the database is away readiness is a 503 of the table; it comes back by itself', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const away = async (isAway: boolean) => {
    await database.query(`alter database ${name} connection limit ${isAway ? 0 : -1}`);
    if (isAway) await database.disconnectAll();
  };
  await away(true);
  try {
    await until(async () => (await ask('health.ready')).status === 503, 10_000);
    await refused('health.ready', 'unavailable');
    await refused('auth.me', 'unavailable');
    expect((await ask('health.live')).status).toBe(200);
  } finally {
    await away(false);
  }
  await until(async () => (await ask('health.ready')).status === 200, 10_000);
}, 20_000);

test('no route was left out: each was seen to succeed, and each that can refuse to refuse', () => {
  for (const name of Object.keys(routes) as RouteName[]) {
    const statuses = [...(answered.get(name) ?? [])];
    expect({ name, succeeded: statuses.some((status) => status < 300) }).toEqual({ name, succeeded: true });
    if (routes[name].errors.length > 0)
      expect({ name, refused: statuses.some((status) => status >= 400) }).toEqual({ name, refused: true });
  }
});
