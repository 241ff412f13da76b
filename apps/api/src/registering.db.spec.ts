import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '@cloudhop/contracts';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let nodes: ApiProcess[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-registering-'));
  const limitsFile = join(folder, 'limits.json');
  writeFileSync(limitsFile, JSON.stringify({ signInsPerMinute: 1_000, renamesPerMinute: 1_000, draftIntervalMs: 50 }));
  const secret = () => randomBytes(48).toString('base64url');
  const env = { LIMITS_FILE: limitsFile, JWT_SECRET: secret(), REFRESH_SECRET: secret() };
  const start = () => startApiProcess({ databaseUrl: database.url, env });
  nodes = await Promise.all([start(), start()]);
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const deeds = ['send', 'edit', 'delete', 'react', 'rename', 'befriend', 'block', 'talkAlone', 'draft', 'keep'] as const;
type Deed = (typeof deeds)[number];

async function does(guest: Visitor, deed: Deed, own: string[], n: number): Promise<void> {
  const { lobbyId: conversationId } = guest;
  const id = own[n % Math.max(1, own.length)];
  if (deed === 'send' || id === undefined) {
    const made = uuidv7();
    own.push(made);
    await guest.send(`said ${n}`, made);
  } else if (deed === 'edit')
    await guest.request('message:edit', { conversationId, id, body: `changed ${n}`, editId: uuidv7() });
  else if (deed === 'delete') await guest.request('message:delete', { conversationId, id });
  else if (deed === 'react') await guest.request('message:react', { conversationId, id, emoji: '🌷', on: n % 3 > 0 });
  else if (deed === 'rename') await guest.rest('PATCH', '/auth/me', { displayName: `Name ${n}` });
  else await doesAmongPeople(guest, deed, n);
}

/** The user whom the guests of this file meet. */
const acquaintances: Visitor[] = [];

async function doesAmongPeople(
  guest: Visitor,
  deed: 'befriend' | 'block' | 'talkAlone' | 'draft' | 'keep',
  n: number,
): Promise<void> {
  const { user } = acquaintances[n % acquaintances.length]!;
  if (deed === 'befriend') await guest.request('friend:request', { userId: user.id, note: `note ${n}` });
  else if (deed === 'block') await guest.request('user:block', { userId: user.id });
  else if (deed === 'draft') await guest.request('draft:set', { conversationId: guest.lobbyId, body: `about ${n}` });
  else {
    const userId = deed === 'keep' ? guest.user.id : user.id;
    const { id } = (await (await guest.rest('POST', '/conversations/direct', { userId })).json()) as { id: string };
    await guest.request('message:send', { conversationId: id, id: uuidv7(), body: `alone ${n}` });
    if (deed === 'keep')
      await guest.rest('PATCH', `/conversations/${id}/membership`, { isPinned: true, clearedSeq: n });
  }
}

/** Everything that names the user, but for what registering is meant to change. */
function everythingOf(userId: string): Promise<unknown[]> {
  return database.query(
    `select 'user' as what, to_jsonb(u) - array['kind', 'tag', 'username', 'username_key', 'username_skeleton', 'password_hash', 'profile_rev', 'feed_rev', 'last_seen_at', 'address_key'] as row
       from users u where id = $1
     union all select 'session', to_jsonb(s) - array['replaced_by', 'replaced_at'] from sessions s
       where user_id = $1 and not exists (select from sessions o where o.replaced_by = s.id)
     union all select 'membership', to_jsonb(m) from memberships m where user_id = $1
     union all select 'message', to_jsonb(m) from messages m where author_id = $1
     union all select 'friend', to_jsonb(f) from friendships f where user_id = $1 or other_id = $1
     union all select 'block', to_jsonb(b) from blocks b where user_id = $1
     union all select 'draft', to_jsonb(d) from drafts d where user_id = $1
     union all select 'former name', to_jsonb(n) from former_names n where user_id = $1
     union all select 'settings', to_jsonb(s) from personal_settings s where user_id = $1
     union all select 'reaction', to_jsonb(r) from reactions r where user_id = $1
     order by 1, 2`,
    [userId],
  );
}

let members = 0;

test('I9: whatever a guest did is theirs as a member: the same row and the same messages', async () => {
  for (let n = 0; n < 2; n++) {
    const acquaintance = await aVisitor(nodes[0]!.url);
    await acquaintance.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
    acquaintances.push(acquaintance);
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(20)), { maxLength: 12 }), async (history) => {
      const guest = await aVisitor(nodes[0]!.url);
      const own: string[] = [];
      for (const [deed, n] of history) await does(guest, deed, own, n);
      const before = await everythingOf(guest.user.id);
      const account = { username: `member_${++members}`, password: 'correct horse battery' };
      const response = await guest.rest('POST', '/auth/register', account);
      expect(response.status).toBe(201);
      expect(((await response.json()) as Session).user).toMatchObject({ id: guest.user.id, kind: 'member' });
      expect(await everythingOf(guest.user.id)).toEqual(before);
      // Nobody was cut off for it, and everybody who looks is told.
      expect((await guest.send('as a member', uuidv7())).ok).toBe(true);
      await until(() => guest.facts.some(({ name }) => name === 'personal:changed'));
      guest.socket.disconnect();
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('I9: registering on two nodes while messages are sent loses none of them, and happens once', async () => {
  const [guest, reader] = [await aVisitor(nodes[0]!.url), await aVisitor(nodes[1]!.url)];
  const account = { username: `member_${++members}`, password: 'correct horse battery' };
  const ids = Array.from({ length: 40 }, () => uuidv7());
  const register = (url: string) =>
    fetch(`${url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${guest.token}` },
      body: JSON.stringify(account),
    });
  const sending = Promise.all(ids.map((id, n) => guest.send(`during ${n}`, id)));
  const answers = await Promise.all([register(nodes[0]!.url), register(nodes[1]!.url)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  const stored = (await sending).filter(({ ok }) => ok).length;
  expect(stored).toBe(ids.length);
  const log = (await wholeLog(reader)).filter(({ authorId }) => authorId === guest.user.id);
  expect(log.map(({ id }) => id)).toEqual(ids);
  const rows = await database.query<{ count: number }>('select count(*)::int as count from users where username = $1', [
    account.username,
  ]);
  expect(rows).toEqual([{ count: 1 }]);
}, 30_000);
