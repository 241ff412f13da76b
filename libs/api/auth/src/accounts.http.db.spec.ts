import type { Session, SessionInfo, User } from '@cloudhop/contracts';
import { limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { Client } from 'pg';
import { AccessTokensService } from './access-tokens.service';
import { type Answer, type Asked, ask as askAt } from './testing/ask';
import { type AuthNode, startAuthNode } from './testing/auth-node';

const database = testDatabase();
let node: AuthNode;
let there: AuthNode;
let url: string;
let otherUrl: string;
const before = { ...limits };

beforeAll(async () => {
  Object.assign(limits, { signInsPerMinute: 10_000, guestsPerMinute: 10_000, addressRequestsPerMinute: 100_000 });
  [node, there] = [await startAuthNode(database.url), await startAuthNode(database.url)];
  [url, otherUrl] = await Promise.all([node.listen(), there.listen()]);
});
afterAll(async () => {
  Object.assign(limits, before);
  await Promise.all([node.close(), there.close()]);
});

/** Sends a request with one cookie, to the first node unless `at` is given. Adds the first cookie of the response. */
async function ask<T = Session>(
  path: string,
  { cookie, at = url, ...asked }: Omit<Asked, 'cookies'> & { cookie?: string; at?: string } = {},
): Promise<Answer<T> & { cookie: string }> {
  const answer = await askAt<T>(at, path, { ...asked, ...(cookie !== undefined && { cookies: [cookie] }) });
  return { ...answer, cookie: answer.cookies[0] ?? '' };
}

let count = 0;
const aName = () => `momo_${Date.now().toString(36)}_${count++}`;
const password = 'correct horse battery';

async function aMember(username = aName()): Promise<Answer<Session> & { cookie: string; username: string }> {
  const guest = await ask('/auth/guest');
  const answer = await ask('/auth/register', {
    body: { username, password },
    token: guest.body.accessToken,
    cookie: guest.cookie,
  });
  expect(answer.status).toBe(201);
  return { ...answer, username };
}

describe('POST /api/auth/register', () => {
  it('I9: makes the guest a member on the same row: same id and name, without the tag', async () => {
    const guest = await ask('/auth/guest', { body: { displayName: '小桃' } });
    const username = aName();
    const { status, body } = await ask('/auth/register', {
      body: { username, password },
      token: guest.body.accessToken,
    });
    expect(status).toBe(201);
    expect(body.user).toEqual({ ...guest.body.user, kind: 'member', username, profileRev: 2, tag: undefined });
    expect(await ask<User>('/auth/me', { method: 'GET', token: guest.body.accessToken })).toMatchObject({
      status: 200,
      body: { id: guest.body.user.id, kind: 'member' },
    });
    expect((await ask('/auth/refresh', { cookie: guest.cookie })).body.user).toMatchObject({ kind: 'member' });
  });

  it('takes the guest of the cookie, and makes someone new where there is neither', async () => {
    const guest = await ask('/auth/guest');
    const byCookie = await ask('/auth/register', { body: { username: aName(), password }, cookie: guest.cookie });
    expect(byCookie.body.user.id).toBe(guest.body.user.id);
    const fresh = await ask('/auth/register', { body: { username: aName(), password } });
    expect([fresh.status, fresh.body.user.kind]).toEqual([201, 'member']);
    expect((await ask('/auth/refresh', { cookie: fresh.cookie })).body.user.id).toBe(fresh.body.user.id);
  });

  it('the same name and password again answer the first result; anything else does not', async () => {
    const guest = await ask('/auth/guest');
    const username = aName();
    const again = { body: { username, password }, token: guest.body.accessToken };
    const [here, elsewhere] = await Promise.all([
      ask('/auth/register', again),
      ask('/auth/register', { ...again, at: otherUrl }),
    ]);
    expect([here.status, elsewhere.status].sort()).toEqual([200, 201]);
    expect(await ask('/auth/register', { ...again, body: { username, password: 'another password' } })).toMatchObject({
      status: 409,
      code: 'already_member',
    });
    expect(await ask('/auth/register', { ...again, body: { username: aName(), password } })).toMatchObject({
      code: 'already_member',
    });
  });

  it('one of two who want the same name gets it; the other stays the guest they were', async () => {
    const username = aName();
    const guests = await Promise.all([ask('/auth/guest'), ask('/auth/guest')]);
    const answers = await Promise.all(
      guests.map(({ body }, i) =>
        ask('/auth/register', {
          body: { username, password },
          token: body.accessToken,
          at: i === 0 ? url : otherUrl,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const loser = guests[answers.findIndex(({ status }) => status === 409)]!;
    expect((await ask<User>('/auth/me', { method: 'GET', token: loser.body.accessToken })).body).toEqual(
      loser.body.user,
    );
  });

  it.each([
    ['case', (name: string) => name.toUpperCase()],
    ['width', (name: string) => name.replace('m', 'ｍ')],
    ['a digit that looks like a letter', (name: string) => name.replaceAll('o', '0')],
  ])('refuses a name that is taken but for %s', async (_, change) => {
    const username = `o${aName()}`;
    await aMember(username);
    const { status, code } = await ask('/auth/register', { body: { username: change(username), password } });
    expect([status, code]).toEqual([409, 'username_taken']);
  });

  it('refuses a name that only looks like one that is taken, in another script', async () => {
    await aMember('copy_pay');
    const cyrillic = '\u0441\u043e\u0440\u0443_\u0440\u0430\u0443';
    expect((await ask('/auth/register', { body: { username: cyrillic, password } })).code).toBe('username_taken');
  });

  it.each([
    ['admin', password, 'username_taken'],
    ['Ａd_min', password, 'username_taken'],
    ['ab', password, 'invalid_text'],
    ['with space', password, 'invalid_text'],
    ['pаypal', password, 'invalid_text'],
    ['a'.repeat(33), password, 'too_long'],
    ['somebody', 'short', 'invalid'],
    ['somebody', 'x'.repeat(257), 'invalid'],
    ['somebody', 'password1', 'weak_password'],
    ['somebody', 'SOMEBODY', 'weak_password'],
    ['\ud800abc', password, 'invalid_text'],
  ])('refuses %j with %j: %s', async (username, secret, code) => {
    expect((await ask('/auth/register', { body: { username, password: secret } })).code).toBe(code);
  });

  it('takes names of any script', async () => {
    for (const username of ['小桃樂園', 'さくら_2', '초록이', 'Ñandú', 'Иван', 'たろうtaro'])
      expect((await ask('/auth/register', { body: { username, password } })).body.user.username).toBe(username);
  });
});

describe('POST /api/auth/login', () => {
  it('signs in on another device, whatever the case, and tells the other devices', async () => {
    const member = await aMember();
    const { status, body, cookie } = await ask('/auth/login', {
      body: { username: member.username.toUpperCase(), password },
      at: otherUrl,
    });
    expect([status, body.user.id]).toEqual([200, member.body.user.id]);
    expect((await ask('/auth/refresh', { cookie })).status).toBe(200);
    expect(there.frames.at(-1)!.changes).toMatchObject([{ kind: 'session', state: 'active' }]);
  });

  it('signs out whoever was signed in on this device', async () => {
    const [member, guest] = [await aMember(), await ask('/auth/guest')];
    await ask('/auth/login', { body: { username: member.username, password }, cookie: guest.cookie });
    expect(await ask('/auth/refresh', { cookie: guest.cookie })).toMatchObject({ code: 'session_ended' });
  });

  it('does not tell whether the name exists', async () => {
    const member = await aMember();
    const wrong = await ask('/auth/login', { body: { username: member.username, password: 'wrong password' } });
    const nobody = await ask('/auth/login', { body: { username: aName(), password: 'wrong password' } });
    expect(nobody).toEqual({ ...wrong });
    expect([wrong.status, wrong.code]).toEqual([401, 'wrong_credentials']);
  });

  it('makes who guesses wait longer each time, and forgets it once the password was right', async () => {
    const { username } = await aMember();
    const guess = () => ask('/auth/login', { body: { username, password: 'wrong password' } });
    const sleep = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
    /** Two tries, the second while the first is hashed: a wait begins with the try, however long its hash takes. */
    const guessTwice = async () => {
      const tried = guess();
      await sleep(50);
      const told = await guess();
      expect((await tried).code).toBe('wrong_credentials');
      return told;
    };
    for (let i = 1; i < limits.freeLogInTries; i++) expect((await guess()).code).toBe('wrong_credentials');
    const first = await guessTwice();
    expect(first).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(first.retryAfterMs).toBeLessThanOrEqual(1_000);
    await sleep(first.retryAfterMs! + 20);
    const second = await guessTwice();
    expect(second.retryAfterMs).toBeGreaterThan(1_000);
    await sleep(second.retryAfterMs! + 20);
    expect((await ask('/auth/login', { body: { username, password } })).status).toBe(200);
    expect((await guess()).code).toBe('wrong_credentials');
  }, 15_000);
});

describe('sessions', () => {
  it('are listed with the device that asks, and end one by one or all at once', async () => {
    const member = await aMember();
    const second = await ask('/auth/login', { body: { username: member.username, password } });
    const list = () =>
      ask<{ items: SessionInfo[] }>('/auth/sessions', { method: 'GET', token: member.body.accessToken });
    const { items } = (await list()).body;
    expect(items.map(({ isCurrent, label }) => ({ isCurrent, label }))).toEqual(
      expect.arrayContaining([
        { isCurrent: true, label: 'Firefox, Windows' },
        { isCurrent: false, label: 'Firefox, Windows' },
      ]),
    );
    const other = items.find(({ isCurrent }) => !isCurrent)!;
    const end = () => ask(`/auth/sessions/${other.id}`, { method: 'DELETE', token: member.body.accessToken });
    expect((await end()).status).toBe(204);
    expect((await end()).code).toBe('not_found');
    expect(await ask('/auth/refresh', { cookie: second.cookie })).toMatchObject({ code: 'session_ended' });
    expect((await ask('/auth/sessions', { method: 'DELETE', token: member.body.accessToken })).status).toBe(204);
    expect((await list()).code).toBe('session_ended');
  });

  it('nobody ends somebody else’s', async () => {
    const [member, other] = [await aMember(), await aMember()];
    const { items } = (
      await ask<{ items: SessionInfo[] }>('/auth/sessions', { method: 'GET', token: other.body.accessToken })
    ).body;
    const { code } = await ask(`/auth/sessions/${items[0]!.id}`, {
      method: 'DELETE',
      token: member.body.accessToken,
    });
    expect(code).toBe('not_found');
  });
});

describe('POST /api/auth/password', () => {
  it('changes it, ends every other session, and keeps this one', async () => {
    const member = await aMember();
    const { accessToken: token } = member.body;
    const second = await ask('/auth/login', { body: { username: member.username, password } });
    const next = 'staple of the month';
    const change = (current: string) => ask('/auth/password', { body: { current, next }, token });
    expect((await change('wrong password')).code).toBe('wrong_credentials');
    expect((await change(password)).status).toBe(204);
    expect(await ask('/auth/refresh', { cookie: second.cookie })).toMatchObject({ code: 'session_ended' });
    expect((await ask('/auth/refresh', { cookie: member.cookie })).status).toBe(200);
    expect((await ask('/auth/login', { body: { username: member.username, password } })).code).toBe(
      'wrong_credentials',
    );
    expect((await ask('/auth/login', { body: { username: member.username, password: next } })).status).toBe(200);
  });

  it('is none of a guest’s', async () => {
    const guest = await ask('/auth/guest');
    const body = { current: password, next: 'staple of the month' };
    expect((await ask('/auth/password', { body, token: guest.body.accessToken })).code).toBe('forbidden');
  });
});

describe('API tokens and the password', () => {
  const secretOf = async (token: string) =>
    (await ask<{ secret: string }>('/tokens', { token, body: { label: 'Bot', scopes: ['rooms:read'] } })).body.secret;
  const works = (secret: string) =>
    there.module
      .get(AccessTokensService)
      .verifyApiToken(secret)
      .then(() => true)
      .catch(() => false);
  const next = 'staple of the month';
  /** The calls that set a new password, for a member with an API token. */
  const ways: Record<string, (member: Answer<Session>, more: object) => Promise<number>> = {
    change: async ({ body }, more) =>
      (await ask('/auth/password', { body: { current: password, next, ...more }, token: body.accessToken })).status,
    recovery: async ({ body }, more) => {
      const made = await ask<{ codes: string[] }>('/auth/recovery-codes', {
        token: body.accessToken,
        body: { password },
      });
      return (await ask('/auth/recover', { body: { code: made.body.codes[0], password: next, ...more } })).status;
    },
  };

  it.each(Object.entries(ways))('tokens end with the former password by %s, unless they are kept', async (_, take) => {
    for (const keepsTokens of [undefined, false, true]) {
      const [member, stranger] = [await aMember(), await aMember()];
      const secrets = await Promise.all([member, stranger].map(({ body }) => secretOf(body.accessToken)));
      expect(await take(member, keepsTokens === undefined ? {} : { keepsTokens })).toBeLessThan(300);
      expect(await works(secrets[0]!)).toBe(keepsTokens ?? false);
      expect(await works(secrets[1]!)).toBe(true);
    }
  });

  it('a change that is refused ends no token', async () => {
    const member = await aMember();
    const secret = await secretOf(member.body.accessToken);
    const body = { current: 'wrong password', next };
    expect((await ask('/auth/password', { body, token: member.body.accessToken })).code).toBe('wrong_credentials');
    expect(await works(secret)).toBe(true);
  });

  it('I6: a session that ends with the former password leaves no token that it asks for meanwhile', async () => {
    const member = await aMember();
    const thief = await ask('/auth/login', { body: { username: member.username, password } });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('begin');
      const change =
        'select from password_change_v1($1, (select password_hash from users where id = $1), $2, $3, false)';
      await client.query(change, [member.body.user.id, 'another hash', member.cookie.split('=')[1]!.split('.')[0]]);
      const asked = ask('/tokens', { token: thief.body.accessToken, body: { label: 'Bot', scopes: ['rooms:read'] } });
      // The request waits for the lock or has not reached it: either way it must not pass the commit.
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into api_tokens%'`;
      while ((await database.query(waiting)).length === 0) await new Promise((resume) => setTimeout(resume, 20));
      await client.query('commit');
      expect((await asked).code).toBe('session_ended');
    } finally {
      await client.end();
    }
  });
});

describe('recovery codes', () => {
  const codesOf = async (token: string, body: unknown = {}) =>
    (await ask<{ codes: string[] }>('/auth/recovery-codes', { token, body })).body.codes;

  it('I9: one of a guest brings the same guest to another device, once, however it is typed', async () => {
    const guest = await ask('/auth/guest');
    const [code, ...more] = await codesOf(guest.body.accessToken);
    expect(more).toEqual([]);
    const typed = ` ${code!.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')} `;
    const there = await ask('/auth/recover', { body: { code: typed }, at: otherUrl });
    expect([there.status, there.body.user.id]).toEqual([200, guest.body.user.id]);
    expect((await ask('/auth/recover', { body: { code } })).code).toBe('wrong_credentials');
    expect((await ask('/auth/refresh', { cookie: guest.cookie })).status).toBe(200);
  });

  it('one of a member’s eight sets a new password and signs everybody else out', async () => {
    const member = await aMember();
    const { accessToken: token } = member.body;
    expect((await ask('/auth/recovery-codes', { token })).code).toBe('wrong_credentials');
    const [first, second, ...rest] = await codesOf(token, { password });
    expect(rest).toHaveLength(6);
    expect((await ask('/auth/recover', { body: { code: first } })).code).toBe('invalid');
    expect((await ask('/auth/recover', { body: { code: first, password: 'password1' } })).code).toBe('weak_password');
    const next = 'staple of the month';
    const recovered = await ask('/auth/recover', { body: { code: first, password: next } });
    expect(recovered.body.user.id).toBe(member.body.user.id);
    expect(await ask('/auth/refresh', { cookie: member.cookie })).toMatchObject({ code: 'session_ended' });
    expect((await ask('/auth/login', { body: { username: member.username, password: next } })).status).toBe(200);
    await codesOf(recovered.body.accessToken, { password: next });
    expect((await ask('/auth/recover', { body: { code: second, password: next } })).code).toBe('wrong_credentials');
  });

  it('two who use one code at once: one of them is in', async () => {
    const [code] = await codesOf((await ask('/auth/guest')).body.accessToken);
    const answers = await Promise.all([url, otherUrl].map((at) => ask('/auth/recover', { body: { code }, at })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});
