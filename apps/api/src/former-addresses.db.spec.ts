import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Conversation, Room } from '@cloudhop/contracts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { RoomsOf, asked, join } from './testing/rooms';
import { type Visitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(pathOf(tmpdir(), 'cloudhop-rooms-'));
let api: ApiProcess;
const { aMember, aGuest, aRoom } = new RoomsOf(() => api);

beforeAll(async () => {
  const limits = pathOf(folder, 'limits.json');
  writeFileSync(limits, JSON.stringify({ roomSweepIntervalMs: 200 }));
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: limits } });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the former address of a room', () => {
  test('leads to it, and nobody else can take it', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Hiking', slug: 'old-hiking' });
    const move = (slug: string) => asked<Conversation>(owner, 'PATCH', `/rooms/${room.id}`, { slug });
    expect((await move('new-hiking')).json.slug).toBe('new-hiking');
    expect((await move('newer-hiking')).json.slug).toBe('newer-hiking');
    for (const slug of ['old-hiking', 'new-hiking', 'newer-hiking']) {
      expect((await asked<Room>(other, 'GET', `/rooms/${slug}`)).json).toMatchObject({ slug: 'newer-hiking' });
      expect(await join(await aGuest(), slug)).toMatchObject({ data: { id: room.id, slug: 'newer-hiking' } });
    }
    // Also one that looks like it.
    for (const slug of ['old-hiking', 'οld-hiking'])
      expect((await asked(other, 'POST', '/rooms', { name: 'Mine', slug })).code).toBe('slug_taken');
    const third = await aRoom(other, { name: 'old hiking' });
    expect(third.slug).toMatch(/^old-hiking-/);
    expect((await asked(other, 'PATCH', `/rooms/${third.id}`, { slug: 'new-hiking' })).code).toBe('slug_taken');
    expect((await move('old-hiking')).json.slug).toBe('old-hiking');
    expect((await asked<Room>(other, 'GET', '/rooms/newer-hiking')).json).toMatchObject({ slug: 'old-hiking' });
  });

  test('that became private says nothing of it, and is free', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Open', slug: 'once-open' });
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slug: 'closed-now', visibility: 'private' });
    expect((await asked(other, 'GET', '/rooms/once-open')).status).toBe(404);
    expect((await asked<Room>(owner, 'GET', '/rooms/once-open')).json.id).toBe(room.id);
    const theirs = await aRoom(other, { name: 'Open', slug: 'once-open' });
    expect((await asked<Room>(owner, 'GET', '/rooms/once-open')).json.id).toBe(theirs.id);
  });

  test('a room that is opened cannot take the former address of another', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const hidden = await aRoom(other, { name: 'Hidden', visibility: 'private' });
    const room = await aRoom(owner, { name: 'First', slug: 'first-place' });
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slug: 'second-place' });
    const opened = await asked(other, 'PATCH', `/rooms/${hidden.id}`, { visibility: 'public', slug: 'first-place' });
    expect(opened.code).toBe('slug_taken');
  });

  test('of a room that leaves an address and one that takes it at once, the address stays with the first', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    for (let n = 0; n < 5; n++) {
      const slug = `contested-${n}`;
      const room = await aRoom(owner, { name: 'Mine', slug });
      const [, taken] = await Promise.all([
        asked(owner, 'PATCH', `/rooms/${room.id}`, { slug: `${slug}-left` }),
        asked(other, 'POST', '/rooms', { name: 'Taken', slug }),
      ]);
      expect(taken.code).toBe('slug_taken');
      expect((await asked<Room>(other, 'GET', `/rooms/${slug}`)).json.id).toBe(room.id);
    }
  });

  test('of two rooms that both left an address it leads to the one that left it last', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const move = (who: Visitor, { id }: Conversation, to: object) => asked(who, 'PATCH', `/rooms/${id}`, to);
    for (const isOlder of [true, false]) {
      const slug = `left-twice-${isOlder}`;
      const rooms: Conversation[] = [];
      for (const first of [isOlder, !isOlder])
        rooms.push(await aRoom(first ? owner : other, { name: 'Room', slug: `${slug}-${first ? 'first' : 'last'}` }));
      const [first, last] = isOlder ? rooms : rooms.toReversed();
      await move(owner, first!, { slug });
      await move(owner, first!, { visibility: 'private' });
      await move(other, last!, { slug });
      await move(other, last!, { slug: `${slug}-gone` });
      await move(owner, first!, { visibility: 'public', slug: `${slug}-open` });
      // Whichever row was written last.
      for (const [who, room] of [[owner, first!] as const, [other, last!] as const]) {
        await move(who, room, { topic: 'Written' });
        expect((await asked<Room>(await aGuest(), 'GET', `/rooms/${slug}`)).json.id).toBe(last!.id);
      }
    }
  });

  test('nobody holds more than the last five by renaming again and again', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Greedy', slug: 'greedy-0' });
    for (let n = 1; n <= 7; n++) await asked(owner, 'PATCH', `/rooms/${room.id}`, { slug: `greedy-${n}` });
    const free: number[] = [];
    for (let n = 0; n <= 7; n++) {
      const { status } = await asked(other, 'POST', '/rooms', { name: 'Mine', slug: `greedy-${n}` });
      if (status === 201) free.push(n);
    }
    expect(free).toEqual([0, 1]);
  });

  test('an address that was left long ago is free again', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { name: 'Moves', slug: 'long-left' });
    await asked(owner, 'PATCH', `/rooms/${room.id}`, { slug: 'long-left-for' });
    await database.query(`update former_slugs set left_at = now() - interval '31 days' where slug = 'long-left'`);
    await until(async () => (await asked(other, 'GET', '/rooms/long-left')).status === 404);
    expect((await aRoom(other, { name: 'New', slug: 'long-left' })).slug).toBe('long-left');
  });
});
