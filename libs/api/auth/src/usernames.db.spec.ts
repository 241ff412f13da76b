import { usernameKey } from '@cloudhop/contracts';
import { DomainError } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AccountsService } from './accounts.service';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { skeletonOf } from './skeleton';
import { type AuthNode, startAuthNode } from './testing/auth-node';
import { UsernameLooksService } from './username-looks.service';
import { UsersService } from './users.service';

const database = testDatabase();
let node: AuthNode;
let other: AuthNode;

beforeAll(async () => {
  [node, other] = await Promise.all([startAuthNode(database.url), startAuthNode(database.url)]);
});
afterAll(() => Promise.all([node.close(), other.close()]));

const password = 'correct horse battery';

async function aGuest() {
  const { session, sessionId } = await node.module.get(SessionsService).enter([], undefined);
  return { userId: session.user.id, sessionId };
}

/** Registers a guest. Returns "registered", or the code of the refusal. */
async function register(username: string, at = node): Promise<string> {
  const guest = await aGuest();
  try {
    await at.module.get(AccountsService).register(guest, { username, password });
    return 'registered';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Creates a member as the release before does: with a skeleton, without looks. */
async function aMemberOfBefore(username: string): Promise<string> {
  const id = uuidv7();
  await database.query(
    `insert into users (id, kind, username, username_key, username_skeleton, password_hash)
     values ($1, 'member', $2, $3, $4, 'x')`,
    [id, username, usernameKey(username), skeletonOf(username)],
  );
  return id;
}

/** Appends letters without look-alikes. */
const unique = (name: string) => name + Array.from(randomBytes(8), (byte) => 'aceghkqxyz'[byte % 10]).join('');

test.each([
  ['paypal', 'paypaI'],
  ['paypaI', 'paypal'],
  ['PAYPAL', 'paypaI'],
  ['liam', 'Iiam'],
  ['momo', 'МОМО'],
  ['МОМО', 'momo'],
  ['mo_mo', 'rno_rno'],
])('after %s nobody registers as %s', async (first, second) => {
  // Digits belong to every script.
  const suffix = `_${Array.from(randomBytes(8), (byte) => '234579'[byte % 6]).join('')}`;
  const [one, two] = [first + suffix, second + suffix];
  expect(await register(one)).toBe('registered');
  expect([await register(two), await register(two, other)]).toEqual(['username_taken', 'username_taken']);
  await expect(
    node.module
      .get(AccountsService)
      .registerNew({ username: two, password }, { label: '', address: '', refreshTokens: [], deviceCookies: [] }),
  ).rejects.toMatchObject({ code: 'username_taken' });
});

test('of look-alikes that register at once, on two nodes, one gets the name', async () => {
  const suffix = unique('_x');
  const names = ['paypal', 'paypaI', 'PaypaI', 'paypa1', 'PAYPAL', 'раураl'].map((name) => name + suffix);
  const outcomes = await Promise.all(names.map((name, n) => register(name, n % 2 ? node : other)));
  expect(outcomes.toSorted()).toEqual(['registered', ...Array<string>(5).fill('username_taken')].toSorted());
});

test('names of before are compared by what they look like, once their looks are filled in; of two alike both stay', async () => {
  const suffix = unique('_');
  const ids = [await aMemberOfBefore(`paypal${suffix}`), await aMemberOfBefore(`paypaI${suffix}`)];
  // Refused by the skeleton.
  expect(await register(`paypaI${suffix}`)).toBe('username_taken');
  const capital = unique('_');
  await aMemberOfBefore(`lris${capital}`);
  await aMemberOfBefore(`PAYPAI${capital}`);
  expect(await node.module.get(UsernameLooksService).run()).toBe(4);
  expect(await other.module.get(UsernameLooksService).run()).toBe(0);
  expect(await register(`paypal${capital}`)).toBe('username_taken');
  expect(await register(`Iris${capital}`)).toBe('username_taken');
  // The look stays as long as one of the two exists.
  await node.module.get(UsersService).forget(ids[0]!);
  expect(await register(`Paypal${suffix}`)).toBe('username_taken');
  await node.module.get(UsersService).forget(ids[1]!);
  expect(await register(`Paypal${suffix}`)).toBe('registered');
});

test('a name is free again once its bearer is deleted, and after a registration that failed', async () => {
  const name = unique('free_');
  const guest = await aGuest();
  await node.module.get(AccountsService).register(guest, { username: name, password });
  await node.module.get(UsersService).forget(guest.userId);
  expect(await database.query('select from username_looks where user_id = $1', [guest.userId])).toEqual([]);
  expect(await register(name)).toBe('registered');

  const abandoned = unique('left_');
  const undecided = await aGuest();
  const claim = (userId: string, look: string) =>
    database.query<{ ok: boolean }>('select username_claim_v1($1, $2) as ok', [userId, [look]]);
  expect(await claim(undecided.userId, abandoned)).toEqual([{ ok: true }]);
  expect(await claim(undecided.userId, abandoned)).toEqual([{ ok: true }]);
  expect(await claim((await aGuest()).userId, abandoned)).toEqual([{ ok: false }]);
  // Another choice releases the first one.
  await claim(undecided.userId, unique('other_'));
  expect(await claim((await aGuest()).userId, abandoned)).toEqual([{ ok: true }]);
  await database.query(`update username_looks set claimed_at = claimed_at - interval '61 seconds' where look = $1`, [
    abandoned,
  ]);
  expect(await claim((await aGuest()).userId, abandoned)).toEqual([{ ok: true }]);
});

test('a member stays the one of their name, also under names that nobody may choose any more', async () => {
  const id = await aMemberOfBefore('boss.');
  await aMemberOfBefore('43252a');
  expect(await node.module.get(UsersService).findByUsername('BOSS.')).toMatchObject({ id });
  const guest = { userId: uuidv7(), sessionId: uuidv7(), displayName: undefined, addressKey: undefined, label: '' };
  const create = (tag: string) => node.module.get(SessionsRepository).createGuest({ ...guest, tag, sessionMs: 1_000 });
  expect(await create('43252a')).toBeUndefined();
  expect(await create('43252b')).toMatchObject({ tag: '43252b' });
});

test('a display name of before stays, and no other one that passes for somebody is taken', async () => {
  const { userId } = await aGuest();
  const rename = (displayName: string) =>
    node.module.get(UsersService).changeProfile({ userId }, { displayName, color: 'mint' });
  await database.query(`update users set display_name = 'Ädmin' where id = $1`, [userId]);
  expect(await rename('Ädmin')).toMatchObject({ displayName: 'Ädmin', color: 'mint' });
  for (const name of ['adm1n', 'Аdmin', 'Administrat0r', 'Guest 43252a', '訪客43252a'])
    await expect(rename(name)).rejects.toMatchObject({ code: 'invalid_text' });
});
