import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import {
  type Conversation,
  type FactPayload,
  type Member,
  type Message,
  type Session,
  limits,
} from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aGuestSession, aVisitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-groups-'));
let api: ApiProcess;
let other: ApiProcess;

beforeAll(async () => {
  const file = join(folder, 'limits.json');
  const raised = { guestsPerMinute: 1_000, groupChangesPerMinute: 1_000, addressRequestsPerMinute: 10_000 };
  writeFileSync(file, JSON.stringify({ ...raised, userRequestsPerMinute: 1_000, readMarkIntervalMs: 20 }));
  const options = { databaseUrl: database.url, dataDir: folder, env: { LIMITS_FILE: file } };
  api = await startApiProcess(options);
  other = await startApiProcess(options);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const aPerson = () => aVisitor(api.url);

async function aMember(): Promise<Visitor> {
  const person = await aPerson();
  const name = { username: `member_${uuidv7().slice(-10)}`, password: 'correct horse battery' };
  await person.rest('POST', '/auth/register', name);
  return person;
}

async function befriend(one: Visitor, two: { user: { id: string } }): Promise<void> {
  await database.query(
    `insert into friendships (user_id, other_id, state, at, feed_rev) values ($1, $2, 'friend', now(), 0), ($2, $1, 'friend', now(), 0)`,
    [one.user.id, two.user.id],
  );
}

const idOf = ({ user }: { user: { id: string } }) => user.id;

async function aGroup(owner: Visitor, ...people: { user: { id: string } }[]): Promise<string> {
  const id = uuidv7();
  const response = await owner.rest('POST', '/groups', { id, title: 'Hikers', userIds: people.map(idOf) });
  expect([response.status, await response.json()]).toMatchObject([201, { id, kind: 'group', role: 'owner' }]);
  return id;
}

async function errorOf(response: Response): Promise<string | number> {
  if (response.ok) return response.status;
  return ((await response.json()) as { error: { code: string } }).error.code;
}

async function membersOf(visitor: Visitor, id: string): Promise<Record<string, string>> {
  const { items } = (await (await visitor.rest('GET', `/groups/${id}/members`)).json()) as { items: Member[] };
  return Object.fromEntries(items.map(({ userId, state, role }) => [userId, state === 'joined' ? role : state]));
}

const say = (visitor: Visitor, conversationId: string) =>
  visitor.request('message:send', { conversationId, id: uuidv7(), body: 'hello' });

function changesOf({ facts }: Visitor, conversationId: string): FactPayload<'conversation:changed'>['changes'] {
  return facts.flatMap(({ name, payload }) =>
    name === 'conversation:changed' &&
    (payload as FactPayload<'conversation:changed'>).conversationId === conversationId
      ? (payload as FactPayload<'conversation:changed'>).changes
      : [],
  );
}

describe('a group', () => {
  it('has friends in it at once, and everybody else invited; a repeat makes none', async () => {
    const [owner, friend, stranger] = [await aPerson(), await aPerson(), await aPerson()];
    await befriend(owner, friend);
    const id = await aGroup(owner, friend, stranger);
    const again = await owner.rest('POST', '/groups', { id, title: 'Other', userIds: [] });
    expect([again.status, ((await again.json()) as Conversation).title]).toEqual([200, 'Hikers']);
    expect(await errorOf(await friend.rest('POST', '/groups', { id, title: 'Mine', userIds: [] }))).toBe('id_taken');
    expect(await membersOf(owner, id)).toEqual({
      [owner.user.id]: 'owner',
      [friend.user.id]: 'member',
      [stranger.user.id]: 'invited',
    });
    // Live, and to a device that comes later, the invitation says what it is to.
    const invitation = { title: 'Hikers', invitedBy: owner.user.id, memberCount: 2 };
    await until(() => JSON.stringify(stranger.facts).includes('"invitation"'));
    const sync = await stranger.request('feed:sync', {});
    expect(sync).toMatchObject({
      data: { personal: { reset: { invitations: [{ conversationId: id, state: 'invited', invitation }] } } },
    });
    expect(await say(stranger, id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await errorOf(await stranger.rest('POST', `/groups/${id}/join`, {}))).toBe(200);
    expect(await say(stranger, id)).toMatchObject({ ok: true });
    await until(() => changesOf(friend, id).some(({ kind }) => kind === 'message'));
  });

  it('takes no id of another conversation of its maker for a repeat', async () => {
    const owner = await aMember();
    const friend = await aPerson();
    const [room, group] = [uuidv7(), uuidv7()];
    expect(await errorOf(await owner.rest('POST', '/rooms', { id: room, name: `Room ${room}` }))).toBe(201);
    expect(await errorOf(await owner.rest('POST', '/groups', { id: group, title: 'Hikers' }))).toBe(201);
    const direct = await owner.rest('POST', '/conversations/direct', { userId: owner.user.id });
    const { id: saved } = (await direct.json()) as Conversation;
    for (const id of [room, saved, owner.lobbyId])
      expect([id, await errorOf(await owner.rest('POST', '/groups', { id, title: 'Mine', userIds: [] }))]).toEqual([
        id,
        'id_taken',
      ]);
    for (const id of [group, saved, owner.lobbyId])
      expect([id, await errorOf(await owner.rest('POST', '/rooms', { id, name: `Other ${id}` }))]).toEqual([
        id,
        'id_taken',
      ]);
    // After leaving, a creator who retries gets not_found, not id_taken.
    await befriend(owner, friend);
    expect(await errorOf(await owner.rest('POST', `/groups/${group}/members`, { userId: friend.user.id }))).toBe(201);
    expect(await errorOf(await owner.rest('POST', `/groups/${group}/leave`, {}))).toBe(200);
    expect(await errorOf(await owner.rest('POST', '/groups', { id: group, title: 'Hikers' }))).toBe('not_found');
  });

  it('tells every node who comes and goes, and stops telling who was taken out', async () => {
    const [owner, friend, staying] = [await aPerson(), await aPerson(), await aVisitor(other.url)];
    for (const person of [friend, staying]) await befriend(owner, person);
    const elsewhere = await aVisitor(other.url, { ...friend, accessToken: friend.token, expiresAt: '' });
    const id = await aGroup(owner, friend, staying);
    await say(owner, id);
    // The node hears of the new conversation by its head check at the latest.
    for (const person of [elsewhere, staying]) {
      await until(() => JSON.stringify(person.facts).includes(id));
      await until(async () => (await person.request('conversation:open', { conversationId: id })).ok);
    }
    expect(await errorOf(await owner.rest('DELETE', `/groups/${id}/members/${friend.user.id}`))).toBe(200);
    expect(await say(friend, id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    const later = await say(owner, id);
    const { seq } = (later as { data: Message }).data;
    const isTold = (person: Visitor) =>
      changesOf(person, id).some((change) => change.kind === 'message' && change.message.seq === seq);
    // The same node tells those who are still in it; an answer comes after everything that the socket was told before.
    await until(() => isTold(staying));
    expect(await elsewhere.request('conversation:open', { conversationId: id })).toMatchObject({ ok: false });
    expect(isTold(elsewhere)).toBe(false);
  }, 15_000);

  it('holds fifty people and no more, also when two come at once', async () => {
    const owner = await aPerson();
    const people: Session[] = [];
    for (let n = 0; n < limits.groupMembers + 1; n++) people.push(await aGuestSession(api.url));
    for (const person of people) await befriend(owner, person);
    const id = await aGroup(owner, ...people.slice(0, limits.groupMembers - 2));
    const add = ({ user }: Session) => owner.rest('POST', `/groups/${id}/members`, { userId: user.id });
    const outcomes = await Promise.all(people.slice(-3).map(async (person) => errorOf(await add(person))));
    expect(outcomes.toSorted()).toEqual([201, 'limit_reached', 'limit_reached']);
    expect(Object.keys(await membersOf(owner, id))).toHaveLength(limits.groupMembers);
    const tooMany = { id: uuidv7(), title: 'All', userIds: people.map(idOf) };
    expect(await errorOf(await owner.rest('POST', '/groups', tooMany))).toBe('invalid');
  }, 30_000);

  it('is nothing for whom a block keeps apart, or who wants no requests', async () => {
    const [owner, blocker, quiet] = [await aPerson(), await aPerson(), await aPerson()];
    await blocker.request('user:block', { userId: owner.user.id });
    await quiet.rest('PATCH', '/settings', { acceptsRequests: false });
    const id = await aGroup(owner);
    const add = async (userId: string) => errorOf(await owner.rest('POST', `/groups/${id}/members`, { userId }));
    expect([await add(blocker.user.id), await add(quiet.user.id), await add(uuidv7())]).toEqual([
      'not_accepting',
      'not_accepting',
      'not_found',
    ]);
    const made = { id: uuidv7(), title: 'All', userIds: [blocker.user.id] };
    expect(await errorOf(await owner.rest('POST', '/groups', made))).toBe('not_accepting');
    // Nothing half-done.
    expect(await errorOf(await owner.rest('GET', `/groups/${made.id}/members`))).toBe('not_found');
  });

  it('invites so many strangers and no more', async () => {
    const owner = await aPerson();
    const strangers: Session[] = [];
    for (let n = 0; n <= limits.openInvitations; n++) strangers.push(await aGuestSession(api.url));
    const id = await aGroup(owner);
    const outcomes = [];
    for (const { user } of strangers)
      outcomes.push(await errorOf(await owner.rest('POST', `/groups/${id}/members`, { userId: user.id })));
    expect(outcomes).toEqual([...Array<number>(limits.openInvitations).fill(201), 'limit_reached']);
    // One that was taken back makes room.
    await owner.rest('DELETE', `/groups/${id}/members/${strangers[0]!.user.id}`);
    expect(
      await errorOf(await owner.rest('POST', `/groups/${id}/members`, { userId: strangers.at(-1)!.user.id })),
    ).toBe(201);
  }, 15_000);

  it('is handed over, by will or by leaving, and never without an owner while anybody is there', async () => {
    const [first, second, third] = [await aPerson(), await aPerson(), await aPerson()];
    for (const person of [second, third]) await befriend(first, person);
    const id = await aGroup(first, second);
    await first.rest('POST', `/groups/${id}/members`, { userId: third.user.id });
    expect(await errorOf(await first.rest('PUT', `/groups/${id}/owner`, { userId: third.user.id }))).toBe(200);
    expect(await membersOf(first, id)).toEqual({
      [first.user.id]: 'member',
      [second.user.id]: 'member',
      [third.user.id]: 'owner',
    });
    await Promise.all([third, first].map((person) => person.rest('POST', `/groups/${id}/leave`, {})));
    expect(await membersOf(second, id)).toEqual({ [second.user.id]: 'owner' });
    // Who deletes their account leaves too.
    await second.rest('POST', `/groups/${id}/members`, { userId: first.user.id });
    await befriend(second, third);
    await second.rest('POST', `/groups/${id}/members`, { userId: third.user.id });
    await second.rest('DELETE', '/auth/me', {});
    const after = { [first.user.id]: 'owner', [third.user.id]: 'member' };
    await until(
      async () =>
        JSON.stringify(Object.entries(await membersOf(third, id)).toSorted()) ===
        JSON.stringify(Object.entries(after).toSorted()),
    );
  });

  it('is called otherwise by its owner, for everybody at once', async () => {
    const [owner, friend] = [await aPerson(), await aPerson()];
    await befriend(owner, friend);
    const id = await aGroup(owner, friend);
    await until(async () => (await friend.request('conversation:open', { conversationId: id })).ok);
    expect(await errorOf(await friend.rest('PATCH', `/groups/${id}`, { title: 'Mine' }))).toBe('forbidden');
    await owner.rest('PATCH', `/groups/${id}`, { title: '  週末爬山 ', color: 'sky' });
    const settings = { title: '週末爬山', color: 'sky', slowModeMs: 0 };
    await until(() => changesOf(friend, id).some(({ kind }) => kind === 'settings'));
    expect(changesOf(friend, id).find(({ kind }) => kind === 'settings')).toMatchObject({ settings });
    for (const title of ['', 'x'.repeat(65), 'a\u202eb', 7])
      expect(await errorOf(await owner.rest('PATCH', `/groups/${id}`, { title }))).toMatch(
        /^(invalid|invalid_text|too_long)$/,
      );
  });
});

describe('how much one wants to hear', () => {
  it('is kept for all devices, of the lobby too', async () => {
    const one = await aPerson();
    const id = await aGroup(one);
    const device = await aVisitor(api.url, { user: one.user, accessToken: one.token, expiresAt: '' });
    const quietUntil = '2027-01-01T00:00:00.000Z';
    for (const conversationId of [id, one.lobbyId]) {
      const marked = await one.rest('PATCH', `/conversations/${conversationId}/membership`, {
        notices: 'none',
        quietUntil,
      });
      expect(await marked.json()).toMatchObject({ conversationId, notices: 'none', quietUntil });
      await until(() => JSON.stringify(device.facts).split(quietUntil).length > 1);
    }
    const sync = await one.request('feed:sync', {});
    const conversations = sync.ok && 'reset' in sync.data.personal ? sync.data.personal.reset.conversations : [];
    expect(conversations).toHaveLength(2);
    for (const each of conversations) expect(each).toMatchObject({ notices: 'none', quietUntil });
    const loud = await one.rest('PATCH', `/conversations/${id}/membership`, { quietUntil: null, isPinned: true });
    expect(await loud.json()).toEqual(expect.not.objectContaining({ quietUntil }));
  });

  it('counts what names one, wherever the device begins to read', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    await befriend(one, two);
    const id = await aGroup(one, two);
    const send = (body: string) => one.request('message:send', { conversationId: id, id: uuidv7(), body });
    for (const body of ['hello', `@${two.user.tag} look`, 'mail me@example.org', `再見 @${two.user.tag}，明天`])
      await send(body);
    const sync = await two.request('feed:sync', {});
    const conversations = sync.ok && 'reset' in sync.data.personal ? sync.data.personal.reset.conversations : [];
    expect(conversations.find((each) => each.id === id)).toMatchObject({ seq: 4, readSeq: 0, mentions: [2, 4] });
  });
});
