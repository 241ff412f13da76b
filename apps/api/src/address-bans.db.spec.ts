import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { BannedMember, Session } from '@cloudhop/contracts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { Client } from 'pg';
import { RoomsOf, asked, codeOf, join, say } from './testing/rooms';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(pathOf(tmpdir(), 'cloudhop-address-bans-'));
let api: ApiProcess;
const { aMember, aRoom } = new RoomsOf(() => api);

beforeAll(async () => {
  const limits = pathOf(folder, 'limits.json');
  writeFileSync(
    limits,
    JSON.stringify({ roomSweepIntervalMs: 200, guestsPerMinute: 10_000, requestsPerSecond: 10_000 }),
  );
  const env = { TRUSTED_PROXIES: 'loopback', LIMITS_FILE: limits };
  api = await startApiProcess({ databaseUrl: database.url, dataDir: folder, env });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let addresses = 0;
const anAddress = () => `203.0.113.${++addresses}`;

async function aGuestOf(address: string): Promise<Visitor> {
  const response = await fetch(`${api.url}/api/auth/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: '{}',
  });
  return aVisitor(api.url, (await response.json()) as Session);
}

const ban = async (owner: Visitor, roomId: string, { user }: Visitor, withAddress?: boolean) =>
  (
    await asked<BannedMember>(owner, 'PATCH', `/rooms/${roomId}/members/${user.id}`, {
      isBanned: true,
      ...(withAddress !== undefined && { withAddress }),
    })
  ).json;

const change = (owner: Visitor, roomId: string, { user }: Visitor, body: object) =>
  asked(owner, 'PATCH', `/rooms/${roomId}/members/${user.id}`, body);

/** Waits until what ended before has been swept: two ends after it are, one after the other. */
async function aSweep(): Promise<void> {
  for (let n = 0; n < 2; n++) {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const after = await aGuestOf(address);
    await change(owner, room.id, guest, { isBanned: false });
    await until(async () => codeOf(await join(after, room.id)) === 'ok');
  }
}

/** A room of a member, with a guest in it who is about to be banned. */
async function aPlace(address = anAddress()) {
  const owner = await aMember();
  const room = await aRoom(owner);
  const guest = await aGuestOf(address);
  await join(guest, room.id);
  return { owner, room, guest, address };
}

describe('R21: a ban of a guest', () => {
  test('holds for guests who are created from the same address after it, and the moderator is told', async () => {
    const { owner, room, guest, address } = await aPlace();
    const before = await aGuestOf(address);
    expect(await ban(owner, room.id, guest)).toMatchObject({
      state: 'banned',
      addressBan: { outcome: 'kept', forMs: 24 * 3_600_000 },
    });
    const after = await aGuestOf(address);
    expect(codeOf(await join(after, room.id))).toBe('banned');
    expect(codeOf(await say(after, room.id))).toBe('banned');
    expect(codeOf(await after.request('conversation:open', { conversationId: room.id }))).toBe('banned');
    expect((await asked(after, 'GET', `/rooms/${room.id}/messages`)).code).toBe('banned');
    expect(codeOf(await join(before, room.id))).toBe('ok');
    expect(codeOf(await join(await aGuestOf(anAddress()), room.id))).toBe('ok');
    const elsewhere = await aRoom(owner);
    expect(codeOf(await join(after, elsewhere.id))).toBe('ok');
  });

  test('counts IPv6 by the /64 that one subscriber has', async () => {
    const { owner, room, guest } = await aPlace('2001:db8:1:2::3');
    await ban(owner, room.id, guest);
    expect(codeOf(await join(await aGuestOf('2001:db8:1:2:ffff::9'), room.id))).toBe('banned');
    expect(codeOf(await join(await aGuestOf('2001:db8:1:3::3'), room.id))).toBe('ok');
  });

  test('in the lobby too: a new guest neither reads nor follows it', async () => {
    const { guest, address } = await aPlace();
    await database.query(
      `select * from membership_ban_v1((select id from conversations where kind = 'lobby'), null, $1, 1000, 1, 1, 60000, 20)`,
      [guest.user.id],
    );
    const after = await aGuestOf(address);
    expect(codeOf(await after.request('conversation:open', { conversationId: after.lobbyId }))).toBe('banned');
    const sync = await after.request('feed:sync', {});
    expect(sync).toMatchObject({ ok: true, data: { personal: { reset: { conversations: [] } } } });
  });

  test('leaves the address out where the moderator says so', async () => {
    const { owner, room, guest, address } = await aPlace();
    expect(await ban(owner, room.id, guest, false)).not.toHaveProperty('addressBan');
    expect(codeOf(await join(await aGuestOf(address), room.id))).toBe('ok');
    // Banned already: the address can follow.
    expect(await ban(owner, room.id, guest, true)).toMatchObject({ addressBan: { outcome: 'kept' } });
    expect(codeOf(await join(await aGuestOf(address), room.id))).toBe('banned');
  });

  test.each(['127.0.0.1', '192.168.1.5', '10.0.0.7', 'fd00::1'])('keeps no shared address like %s', async (address) => {
    const { owner, room, guest } = await aPlace(address);
    expect(await ban(owner, room.id, guest)).toMatchObject({ addressBan: { outcome: 'unknown' } });
    expect(codeOf(await join(await aGuestOf(address), room.id))).toBe('ok');
  });

  test('keeps no address that over twenty people used within an hour', async () => {
    const { owner, room, guest, address } = await aPlace();
    for (let n = 0; n < 19; n++) await aGuestOf(address);
    const second = await aPlace();
    expect(await ban(owner, room.id, guest)).toMatchObject({ addressBan: { outcome: 'kept' } });
    const crowded = await aGuestOf(address);
    await join(crowded, second.room.id);
    expect(await ban(second.owner, second.room.id, crowded)).toMatchObject({ addressBan: { outcome: 'shared' } });
    expect(codeOf(await join(await aGuestOf(address), second.room.id))).toBe('ok');
    // Nobody undoes a ban that stands by coming often.
    expect(codeOf(await join(await aGuestOf(address), room.id))).toBe('banned');
  });

  test('never holds for a member, nor for a guest who becomes one', async () => {
    const { owner, room, guest, address } = await aPlace();
    const member = await aMember();
    await join(member, room.id);
    expect(await ban(owner, room.id, member)).not.toHaveProperty('addressBan');
    await ban(owner, room.id, guest);
    const after = await aGuestOf(address);
    await database.query(`update users set kind = 'member', username = 'now.a.member' where id = $1`, [after.user.id]);
    await until(async () => codeOf(await join(after, room.id)) === 'ok');
  });

  test.each(['is lifted', 'has run out'])('ends for those who came after when it %s', async (end) => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const after = await aGuestOf(address);
    expect(codeOf(await join(after, room.id))).toBe('banned');
    if (end === 'is lifted')
      await asked(owner, 'PATCH', `/rooms/${room.id}/members/${guest.user.id}`, { isBanned: false });
    else await database.query('update address_bans set until = now()');
    await until(async () => codeOf(await join(after, room.id)) === 'ok');
    expect(await database.query('select * from address_bans where user_id = $1', [guest.user.id])).toEqual([]);
    expect(codeOf(await join(await aGuestOf(address), room.id))).toBe('ok');
  });

  test('of one who came after stays when it is repeated by name', async () => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const [lifted, again] = [await aGuestOf(address), await aGuestOf(address)];
    await change(owner, room.id, lifted, { isBanned: false });
    expect(codeOf(await join(lifted, room.id))).toBe('ok');
    await change(owner, room.id, again, { isBanned: true });
    await change(owner, room.id, guest, { isBanned: false });
    await until(async () => (await database.query('select from address_banned')).length === 0);
    expect(codeOf(await join(again, room.id))).toBe('banned');
  });

  test('of one who came after ends with it, also after they were muted', async () => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const after = await aGuestOf(address);
    const mutedUntil = new Date(Date.now() + 60_000).toISOString();
    expect((await change(owner, room.id, after, { mutedUntil })).status).toBe(200);
    await change(owner, room.id, guest, { isBanned: false });
    await until(async () => codeOf(await join(after, room.id)) === 'ok');
  });

  test('of one who came after stays while another one of their address is banned by name', async () => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const second = await aGuestOf(address);
    await ban(owner, room.id, second);
    const after = await aGuestOf(address);
    await change(owner, room.id, second, { isBanned: false });
    await aSweep();
    expect(codeOf(await join(after, room.id))).toBe('banned');
    await change(owner, room.id, guest, { isBanned: false });
    await until(async () => codeOf(await join(after, room.id)) === 'ok');
  });

  test('by name stays, also if one by address ends in the same moment', async () => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const after = await aGuestOf(address);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select from conversation_heads where conversation_id = $1 for no key update', [room.id]);
      await database.query('delete from address_bans where conversation_id = $1', [room.id]);
      await until(async () => {
        const waiting = await database.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      await client.query('select from membership_ban_v1($1, $2, $3, 1000, 1, 1, null, 20)', [
        room.id,
        owner.user.id,
        after.user.id,
      ]);
      await client.query('commit');
    } finally {
      await client.end();
    }
    await aSweep();
    expect(codeOf(await join(after, room.id))).toBe('banned');
  });

  test('stores no address, only what nobody can turn back into one', async () => {
    const { owner, room, guest, address } = await aPlace();
    await ban(owner, room.id, guest);
    const [row] = await database.query<{ text: string }>(
      `select to_jsonb(b)::text as text from address_bans b where user_id = $1`,
      [guest.user.id],
    );
    expect(row!.text).toMatch(/"address_key": "[\w-]{22}"/);
    expect(row!.text).not.toContain(address);
  });

  test.each([{ withAddress: true }, { isBanned: false, withAddress: true }, { role: 'moderator', withAddress: false }])(
    '%p makes no sense',
    async (body) => {
      const { owner, room, guest } = await aPlace();
      expect((await asked(owner, 'PATCH', `/rooms/${room.id}/members/${guest.user.id}`, body)).code).toBe('invalid');
    },
  );
});
