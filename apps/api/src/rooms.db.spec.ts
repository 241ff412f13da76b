import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Conversation, Member, Message, Room } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { RoomsOf, asked, codeOf, join, say } from './testing/rooms';
import { type Visitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let api: ApiProcess;
const { aMember, aGuest, aRoom } = new RoomsOf(() => api);

beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url });
}, 60_000);

describe('how a room is found and entered', () => {
  test('a newcomer with nothing but the address of a room is talking in it', async () => {
    const owner = await aMember();
    const room = await aRoom(owner, { name: '週末爬山' });
    expect(room).toMatchObject({ kind: 'room', title: '週末爬山', slug: '週末爬山', role: 'owner', memberCount: 1 });
    // A socket that is not yet subscribed gets an empty frame instead of the message.
    expect(codeOf(await owner.request('conversation:open', { conversationId: room.id }))).toBe('ok');
    const guest = await aGuest();
    const joined = await join(guest, '週末爬山');
    expect(joined).toMatchObject({ ok: true, data: { id: room.id, role: 'member', memberCount: 2 } });
    expect(codeOf(await say(guest, room.id, '大家好'))).toBe('ok');
    await until(() =>
      owner.facts.some(
        ({ name, payload }) => name === 'conversation:changed' && JSON.stringify(payload).includes('大家好'),
      ),
    );
  });

  test('names of any language make addresses, and two who choose the same at once are not one', async () => {
    const owner = await aMember();
    const made = await Promise.all(
      [1, 2, 3].map(() => asked<Conversation>(owner, 'POST', '/rooms', { name: 'Twice', slug: 'twice-at-once' })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(made.find(({ status }) => status === 409)?.code).toBe('slug_taken');
    const again = await aRoom(owner, { name: 'Twice at once' });
    expect(again.slug).toMatch(/^twice-at-once-[0-9a-f]{8}$/);
    // Greek letters that look like Latin ones.
    expect((await asked(owner, 'POST', '/rooms', { name: 'x', slug: 'twice-at-οnce' })).code).toBe('slug_taken');
    for (const slug of ['', 'two--hyphens', 'a b', 'x'.repeat(65), '..', 'a/b', uuidv7(), 'zero\u200bwidth'])
      expect([slug, (await asked(owner, 'POST', '/rooms', { name: 'x', slug })).status]).toEqual([
        slug,
        expect.any(Number),
      ]);
    expect((await asked(owner, 'POST', '/rooms', { name: 'x'.repeat(65) })).code).toBe('too_long');
    expect((await asked(owner, 'POST', '/rooms', { name: 'evil \u202e emoor' })).code).toBe('invalid_text');
    expect((await asked(owner, 'POST', '/rooms', { name: '\u200b' })).code).toBe('invalid_text');
    expect((await aRoom(owner, { name: '🌷🌷' })).slug).toMatch(/^room(-[0-9a-f]{8})?$/);
  });

  test('a repeat of a creation is a retry; another’s id is taken', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const id = uuidv7();
    const room = { id, name: `Once ${id}` };
    expect((await asked(owner, 'POST', '/rooms', room)).status).toBe(201);
    expect(await asked(owner, 'POST', '/rooms', room)).toMatchObject({ status: 200, json: { id } });
    expect((await asked(other, 'POST', '/rooms', room)).code).toBe('id_taken');
  });

  test('public rooms are listed by activity and found by how they begin, in any language and case', async () => {
    const owner = await aMember();
    const [quiet, lively] = [await aRoom(owner, { name: '讀書會一' }), await aRoom(owner, { name: '讀書會二' })];
    await aRoom(owner, { name: '讀書會三', visibility: 'unlisted' });
    await aRoom(owner, { name: '讀書會四', visibility: 'private' });
    await database.query(`update room_activity set at = at + interval '1 hour' where conversation_id = $1`, [quiet.id]);
    const names = async (q: string, limit = 50) =>
      (await asked<{ items: Room[] }>(owner, 'GET', `/rooms?q=${encodeURIComponent(q)}&limit=${limit}`)).json.items.map(
        ({ title }) => title,
      );
    expect(await names('讀書')).toEqual(['讀書會一', '讀書會二']);
    expect(await names('書會')).toEqual([]);
    await aRoom(owner, { name: 'Ｇarden 100% _fun' });
    expect(await names('gARDEN')).toEqual(['Ｇarden 100% _fun']);
    expect(await names('%')).toEqual([]);
    const first = await asked<{ items: Room[]; nextCursor: string }>(owner, 'GET', '/rooms?q=讀書&limit=1');
    const second = await asked<{ items: Room[] }>(
      owner,
      'GET',
      `/rooms?q=讀書&limit=1&cursor=${encodeURIComponent(first.json.nextCursor)}`,
    );
    expect([first.json.items[0]!.id, second.json.items[0]!.id]).toEqual([quiet.id, lively.id]);
    expect(second.json).not.toHaveProperty('nextCursor');
    for (const cursor of ['x', '2026_', `${'9'.repeat(60)}`])
      expect((await asked(owner, 'GET', `/rooms?cursor=${cursor}`)).code).toBe('invalid');
  });

  test('guests make three public rooms a day, and no others', async () => {
    const guest = await aGuest();
    for (const visibility of ['unlisted', 'private'])
      expect((await asked(guest, 'POST', '/rooms', { name: 'x', visibility })).code).toBe('members_only');
    for (let n = 0; n < 3; n++) await aRoom(guest);
    expect((await asked(guest, 'POST', '/rooms', { name: 'A fourth' })).code).toBe('limit_reached');
  });

  test('what guests may do is the room’s to say, also after they came', async () => {
    const [owner, guest] = [await aMember(), await aGuest()];
    const room = await aRoom(owner, { guests: 'read' });
    expect(codeOf(await join(guest, room.slug!))).toBe('ok');
    expect(codeOf(await say(guest, room.id))).toBe('members_only');
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { guests: 'write' });
    expect(codeOf(await say(guest, room.id))).toBe('ok');
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { guests: 'none' });
    expect(codeOf(await say(guest, room.id))).toBe('members_only');
    expect(codeOf(await join(await aGuest(), room.slug!))).toBe('members_only');
    expect(codeOf(await join(await aMember(), room.slug!))).toBe('ok');
  });
});

describe('a private room', () => {
  test('has an address that nobody chooses, so that none tells of another private room', async () => {
    const [owner, prober] = [await aMember(), await aMember()];
    const key = uuidv7().slice(-10);
    const suffixed = new RegExp(`^plans-${key}-[0-9a-f]{8}$`);
    const rooms = (who: typeof owner, more: object) => aRoom(who, { name: `Plans ${key}`, ...more });
    const isPrivate = { visibility: 'private' };
    // The same answers before and after somebody else has such a room, of their own or made of a public one.
    const probe = async () => {
      const made = await rooms(prober, isPrivate);
      const chosen = await rooms(prober, { ...isPrivate, slug: `plans-${key}` });
      const turned = await rooms(prober, { slug: `plans-${key}` });
      const taken = await asked(owner, 'POST', '/rooms', { name: 'Other', slug: `plans-${key}` });
      const hidden = await asked<Room>(prober, 'PATCH', `/rooms/${turned.id}`, isPrivate);
      const moved = await asked<Room>(prober, 'PATCH', `/rooms/${made.id}`, { slug: `plans-${key}` });
      const slugs = [made.slug, chosen.slug, hidden.json.slug, moved.json.slug];
      return [slugs.map((slug) => suffixed.test(slug ?? '')), turned.slug, taken.code, moved.status];
    };
    const before = await probe();
    expect(before).toEqual([[true, true, true, true], `plans-${key}`, 'slug_taken', 200]);
    await rooms(owner, { ...isPrivate, slug: `plans-${key}` });
    const owned = await rooms(owner, { slug: `plans-${key}` });
    await asked(owner, 'PATCH', `/rooms/${owned.id}`, isPrivate);
    expect(await probe()).toEqual(before);
    // What else is changed leaves the address, and a public room may have a chosen one again.
    const room = await rooms(owner, isPrivate);
    const retitled = { name: 'Retitled', slug: room.slug, visibility: 'private' };
    expect((await asked<Room>(owner, 'PATCH', `/rooms/${room.id}`, retitled)).json.slug).toBe(room.slug);
    const opened = { visibility: 'public', slug: `open-${key}` };
    expect((await asked<Room>(owner, 'PATCH', `/rooms/${room.id}`, opened)).json.slug).toBe(`open-${key}`);
  });

  test('is not there for an outsider, whatever they ask, and its address is not taken', async () => {
    const [owner, outsider] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Secret', slug: 'secret-plans', visibility: 'private' });
    for (const key of [room.slug, room.id]) {
      for (const [method, path, body] of [
        ['GET', ''],
        ['PATCH', '', { topic: 'mine' }],
        ['POST', '/join'],
        ['POST', '/join', { invite: 'x'.repeat(22) }],
        ['POST', '/leave'],
        ['GET', '/members'],
        ['POST', '/members', { userId: outsider.user.id }],
        ['PATCH', `/members/${owner.user.id}`, { isBanned: true }],
        ['DELETE', `/members/${owner.user.id}`],
        ['PUT', '/owner', { userId: outsider.user.id }],
        ['POST', '/invites'],
        ['GET', '/invites'],
        ['DELETE', `/invites/${uuidv7()}`],
        ['GET', '/messages'],
        ['POST', '/messages', { body: 'let me in' }],
      ] as const)
        expect([path, (await asked(outsider, method, `/rooms/${key}${path}`, body)).status]).toEqual([path, 404]);
    }
    expect((await asked(outsider, 'GET', `/conversations/${room.id}/messages`)).status).toBe(404);
    expect(codeOf(await outsider.request('conversation:open', { conversationId: room.id }))).toBe('not_found');
    const theirs = await aRoom(outsider, { name: 'Mine', slug: 'secret-plans' });
    expect(theirs.slug).toBe('secret-plans');
    // A private room of before has an address that was chosen: each finds their own behind it.
    await database.query(`update conversations set slug = 'secret-plans' where id = $1`, [room.id]);
    expect((await asked<Room>(owner, 'GET', '/rooms/secret-plans')).json.id).toBe(room.id);
    expect((await asked<Room>(outsider, 'GET', '/rooms/secret-plans')).json.id).toBe(theirs.id);
    expect((await asked(owner, 'PATCH', `/rooms/${room.id}`, { visibility: 'public' })).code).toBe('slug_taken');
  });

  test('a link lets in as many as it says, also when they come at once, and none after its end', async () => {
    const owner = await aMember();
    const room = await aRoom(owner, { visibility: 'private' });
    const { json } = await asked<{ token: string; path: string; invite: { id: string } }>(
      owner,
      'POST',
      `/rooms/${room.id}/invites`,
      { maxUses: 2 },
    );
    expect(json.path).toBe(`/r/${encodeURIComponent(room.slug!)}#${json.token}`);
    const crowd = await Promise.all(Array.from({ length: 5 }, aGuest));
    const came = await Promise.all(crowd.map((guest) => join(guest, room.slug!, json.token)));
    expect(came.map(codeOf).sort()).toEqual(['invite_ended', 'invite_ended', 'invite_ended', 'ok', 'ok']);
    const inside = crowd[came.findIndex(({ ok }) => ok)]!;
    expect(codeOf(await join(inside, room.slug!, json.token))).toBe('ok');

    const second = await asked<typeof json>(owner, 'POST', `/rooms/${room.id}/invites`, {});
    expect((await asked(owner, 'DELETE', `/rooms/${room.id}/invites/${second.json.invite.id}`)).status).toBe(200);
    expect((await asked(owner, 'DELETE', `/rooms/${room.id}/invites/${second.json.invite.id}`)).status).toBe(200);
    expect(codeOf(await join(await aGuest(), room.slug!, second.json.token))).toBe('invite_ended');
    const third = await asked<typeof json>(owner, 'POST', `/rooms/${room.id}/invites`, { expiresInMs: 60_000 });
    await database.query(`update room_invites set expires_at = now() where id = $1`, [third.json.invite.id]);
    expect(codeOf(await join(await aGuest(), room.slug!, third.json.token))).toBe('invite_ended');
    expect((await asked<{ items: unknown[] }>(owner, 'GET', `/rooms/${room.id}/invites`)).json.items).toEqual([]);
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      `select count(*)::int from room_invites where encode(token_hash, 'escape') like $1`,
      [`%${json.token}%`],
    );
    expect(count).toBe(0);
  });

  test('somebody who was invited decides for themselves, and nobody else is told meanwhile', async () => {
    const [owner, friend] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Come in', visibility: 'private' });
    const invited = await asked<Member>(owner, 'POST', `/rooms/${room.id}/members`, { userId: friend.user.id });
    expect([invited.status, invited.json]).toMatchObject([201, { state: 'invited' }]);
    await until(() =>
      friend.facts.some(
        ({ name, payload }) => name === 'personal:changed' && JSON.stringify(payload).includes('Come in'),
      ),
    );
    const sync = await friend.request('feed:sync', {});
    expect(sync).toMatchObject({
      data: { personal: { reset: { invitations: [{ invitation: { title: 'Come in', slug: room.slug } }] } } },
    });
    expect((await asked<Room>(friend, 'GET', `/rooms/${room.slug}`)).json).not.toHaveProperty('role');
    expect((await asked(friend, 'GET', `/rooms/${room.slug}/messages`)).code).toBe('not_a_member');
    // An answer comes after everything that the socket was told before.
    await owner.request('presence:set', { hidden: false });
    expect(owner.facts.filter(({ payload }) => JSON.stringify(payload).includes('"invited"'))).toEqual([]);
    expect(codeOf(await join(friend, room.id))).toBe('ok');
  });
});

describe('who decides in a room', () => {
  test('an owner who leaves is followed by a moderator, then by whoever was there first; the last leaves it to the next', async () => {
    const [owner, first, second] = [await aMember(), await aMember(), await aMember()];
    const room = await aRoom(owner);
    for (const person of [first, second]) await join(person, room.slug!);
    const roles = async (asker: Visitor) =>
      Object.fromEntries(
        (await asked<{ items: Member[] }>(asker, 'GET', `/rooms/${room.id}/members`)).json.items.map(
          ({ userId, role }) => [userId, role],
        ),
      );
    await asked(owner, 'PATCH', `/rooms/${room.id}/members/${second.user.id}`, { role: 'moderator' });
    await asked(owner, 'POST', `/rooms/${room.id}/leave`);
    expect(await roles(first)).toEqual({ [second.user.id]: 'owner', [first.user.id]: 'member' });
    expect((await asked(second, 'PUT', `/rooms/${room.id}/owner`, { userId: first.user.id })).json).toMatchObject({
      role: 'owner',
    });
    expect(await roles(first)).toEqual({ [first.user.id]: 'owner', [second.user.id]: 'moderator' });
    for (const person of [first, second]) await asked(person, 'POST', `/rooms/${room.id}/leave`);
    expect(await join(await aGuest(), room.slug!)).toMatchObject({ data: { role: 'owner' } });
  });

  test('announcements are for moderators; others react', async () => {
    const [owner, member] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { isAnnouncement: true });
    await join(member, room.slug!);
    const id = uuidv7();
    expect(codeOf(await say(owner, room.id, 'News', id))).toBe('ok');
    expect(codeOf(await say(member, room.id))).toBe('moderators_only');
    expect(codeOf(await member.request('message:react', { conversationId: room.id, id, emoji: '🎉', on: true }))).toBe(
      'ok',
    );
    await asked(owner, 'PATCH', `/rooms/${room.id}/members/${member.user.id}`, { role: 'moderator' });
    expect(codeOf(await say(member, room.id))).toBe('ok');
  });

  test('slow mode counts every message of a member from the last real one, whenever it was turned on', async () => {
    const [owner, member] = [await aMember(), await aMember()];
    const room = await aRoom(owner);
    await join(member, room.slug!);
    const id = uuidv7();
    expect(codeOf(await say(member, room.id, 'first', id))).toBe('ok');
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slowModeMs: 60_000 });
    const refused = await say(member, room.id, 'second');
    expect(refused).toMatchObject({ error: { code: 'slow_mode' } });
    const { retryAfterMs } = (refused as { error: { retryAfterMs: number } }).error;
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    const edit = { conversationId: room.id, id, body: 'first!', editId: uuidv7() };
    // An edit says something too.
    expect(codeOf(await member.request('message:edit', edit))).toBe('slow_mode');
    expect(codeOf(await say(owner, room.id))).toBe('ok');
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slowModeMs: 21_600_000 });
    expect((await say(member, room.id)) as object).toMatchObject({
      error: { retryAfterMs: expect.any(Number) },
    });
    const byRest = await asked(member, 'POST', `/rooms/${room.id}/messages`, { body: 'by the other door' });
    expect([byRest.status, byRest.code]).toEqual([429, 'slow_mode']);
    expect(byRest.json.error!.retryAfterMs).toBeGreaterThan(21_000_000);
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slowModeMs: 1 });
    expect(codeOf(await say(member, room.id, 'second'))).toBe('ok');
    expect((await asked(owner, 'PATCH', `/rooms/${room.id}`, { slowModeMs: 21_600_001 })).code).toBe('invalid');
  });

  test('an archived room is read, and nothing else; it comes back as it was', async () => {
    const [owner, member] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Bygone days' });
    await join(member, room.slug!);
    const id = uuidv7();
    await say(member, room.id, 'memory', id);
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { isArchived: true });
    expect(codeOf(await say(owner, room.id))).toBe('archived');
    expect(codeOf(await member.request('message:delete', { conversationId: room.id, id }))).toBe('archived');
    expect(codeOf(await join(await aGuest(), room.slug!))).toBe('archived');
    expect((await wholeLog(member, room.id)).map(({ body }) => body)).toEqual(['memory']);
    expect((await asked<{ items: Room[] }>(owner, 'GET', '/rooms?q=bygone')).json.items).toEqual([]);
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { isArchived: false });
    expect(codeOf(await say(member, room.id))).toBe('ok');
  });

  test('I6: a ban, a mute and being taken out hold from their commit on, whatever is under way', async () => {
    const owner = await aMember();
    const room = await aRoom(owner);
    for (const [change, code] of [
      [{ isBanned: true }, 'banned'],
      [{ mutedUntil: new Date(Date.now() + 60_000).toISOString() }, 'muted'],
      [undefined, 'not_found'],
    ] as const) {
      const person = await aMember();
      await join(person, room.slug!);
      const path = `/rooms/${room.id}/members/${person.user.id}`;
      const posts = Array.from({ length: 20 }, (_, n) => say(person, room.id, `${n}`));
      const done = change ? await asked(owner, 'PATCH', path, change) : await asked(owner, 'DELETE', path);
      expect(done.status).toBe(200);
      expect(codeOf(await say(person, room.id, 'too late'))).toBe(code);
      await Promise.all(posts);
    }
    expect((await wholeLog(owner, room.id)).some(({ body }) => body === 'too late')).toBe(false);
  });

  test('a long list of members comes in pages without holes, those who have the room open first', async () => {
    const [owner, here] = [await aMember(), await aGuest()];
    const room = await aRoom(owner);
    await database.query(
      `with people as (
         insert into users (id, kind, tag) select gen_random_uuid(), 'guest', lpad(to_hex(n), 6, 'f') from generate_series(1, 120) n returning id
       )
       insert into memberships (conversation_id, user_id, state, joined_at) select $1, id, 'joined', now() from people`,
      [room.id],
    );
    await join(here, room.slug!);
    await here.request('conversation:open', { conversationId: room.id });
    const seen: Member[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { items: Member[]; nextCursor?: string } = (
        await asked<{ items: Member[]; nextCursor?: string }>(
          owner,
          'GET',
          `/rooms/${room.id}/members${cursor && `?cursor=${cursor}`}`,
        )
      ).json;
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen[0]).toMatchObject({ userId: here.user.id, isHere: true });
    expect(seen[1]).toMatchObject({ userId: owner.user.id, role: 'owner' });
    expect(new Set(seen.map(({ userId }) => userId)).size).toBe(122);
    expect(seen).toHaveLength(122);
    expect(await here.request('presence:list', { conversationId: room.id })).toMatchObject({ data: { count: 1 } });
    expect((await asked(owner, 'GET', `/rooms/${room.id}/members?cursor=1.2`)).code).toBe('invalid');
    expect((await asked(here, 'GET', `/rooms/${room.id}/members?state=banned`)).code).toBe('forbidden');
  });
});

describe('pins', () => {
  test('a pin is a change that everybody is told of, is listed, and goes with its message', async () => {
    const [owner, member] = [await aMember(), await aMember()];
    const room = await aRoom(owner);
    await join(member, room.slug!);
    const id = uuidv7();
    await say(member, room.id, 'the rules', id);
    expect(codeOf(await member.request('conversation:open', { conversationId: room.id }))).toBe('ok');
    const pin = (visitor: Visitor, on: boolean) => visitor.request('message:pin', { conversationId: room.id, id, on });
    expect(codeOf(await pin(member, true))).toBe('forbidden');
    expect(await pin(owner, true)).toMatchObject({ data: { pinnedAt: expect.any(String) } });
    const { rev } = ((await pin(owner, true)) as { data: Message }).data;
    expect(((await pin(owner, true)) as { data: Message }).data.rev).toBe(rev);
    const pins = async () =>
      (await asked<{ items: Message[] }>(member, 'GET', `/conversations/${room.id}/pins`)).json.items;
    expect(await pins()).toMatchObject([{ id, body: 'the rules' }]);
    await until(() => member.facts.some(({ payload }) => JSON.stringify(payload).includes('pinnedAt')));
    await member.request('message:delete', { conversationId: room.id, id });
    expect(await pins()).toEqual([]);
  });
});
