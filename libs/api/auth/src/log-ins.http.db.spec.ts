import type { Session } from '@cloudhop/contracts';
import { limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type Asked, ask as askAt } from './testing/ask';
import { type AuthNode, startAuthNode } from './testing/auth-node';

// Hashes run at a lower priority: on a busy machine they wait for everything else.
jest.setTimeout(30_000);

const database = testDatabase();
let node: AuthNode;
let url: string;
const before = { ...limits };

beforeAll(async () => {
  Object.assign(limits, { guestsPerMinute: 10_000, addressRequestsPerMinute: 100_000 });
});
/** Resets all counters before each test. */
beforeEach(async () => {
  node = await startAuthNode(database.url);
  url = await node.listen();
});
afterEach(() => node.close());
afterAll(() => Object.assign(limits, before));

const ask = <T = Session>(path: string, asked: Asked = {}) => askAt<T>(url, path, asked);

let count = 0;
const password = 'correct horse battery';

async function aMember() {
  const username = `momo_${Date.now().toString(36)}_${count++}`;
  const answer = await ask('/auth/register', { body: { username, password } });
  expect(answer.status).toBe(201);
  const device = answer.cookies.filter((cookie) => cookie.startsWith('cloudhop_device'));
  return { ...answer, username, token: answer.body.accessToken, device };
}
const guess = (username: string, cookies: string[] = []) =>
  ask('/auth/login', { body: { username, password: 'wrong password' }, cookies });
const logIn = (username: string, cookies: string[] = []) =>
  ask('/auth/login', { body: { username, password }, cookies });
/** Returns the responses of consecutive wrong tries, until one has to wait. */
async function guessUntilRefused(username: string, cookies: string[] = []): Promise<string[]> {
  const codes: string[] = [];
  while (codes.at(-1) !== 'rate_limited' && codes.length < 50) codes.push((await guess(username, cookies)).code!);
  return codes;
}

describe('R5: one school behind one address', () => {
  it('130 wrong names and passwords make nobody there wait: a right password passes, and so does a recovery code', async () => {
    const member = await aMember();
    const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', {
      token: member.token,
      body: { password },
    });
    Object.assign(limits, {
      logInDelayMs: 20,
      passwordQueueSuspected: 1_000,
      passwordQueueUnknown: 1_000,
      passwordQueue: 1_000,
    });
    const answers = await Promise.all(Array.from({ length: 130 }, (_, n) => guess(`somebody_${n}`)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['wrong_credentials']));
    const codes = await Promise.all(
      Array.from({ length: 60 }, (_, n) => ask('/auth/recover', { body: { code: `wrong ${n}`, password } })),
    );
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['wrong_credentials']));
    for (let n = 0; n < 5; n++) expect((await logIn(member.username)).status).toBe(200);
    expect((await ask('/auth/recover', { body: { code: body.codes[0], password } })).status).toBe(200);
    Object.assign(limits, before, { addressRequestsPerMinute: 100_000 });
  }, 30_000);

  it('guesses of one name wait there, and no other name does', async () => {
    const [victim, other] = [await aMember(), await aMember()];
    const codes = await guessUntilRefused(victim.username);
    expect(codes).toEqual([
      ...Array.from({ length: limits.freeLogInTries }, () => 'wrong_credentials'),
      'rate_limited',
    ]);
    expect((await logIn(other.username)).status).toBe(200);
  });
});

describe('a stranger who guesses a name', () => {
  it('locks out neither a device of its owner nor whoever is signed in', async () => {
    const member = await aMember();
    await guessUntilRefused(member.username);
    expect((await logIn(member.username)).code).toBe('rate_limited');
    expect((await logIn(member.username, member.device)).status).toBe(200);
    const { token } = member;
    const next = 'staple of the month';
    expect((await ask('/auth/recovery-codes', { token, body: { password } })).status).toBe(201);
    expect((await ask('/auth/password', { token, body: { current: password, next } })).status).toBe(204);
  });

  it('gains nothing by the cookie of another name, a forged one, or many', async () => {
    const [victim, own] = [await aMember(), await aMember()];
    const [device = ''] = own.device;
    await guessUntilRefused(victim.username);
    for (const cookie of [device, `${device.slice(0, -2)}AA`, 'cloudhop_device=x', 'cloudhop_device=~~~~'])
      expect((await guess(victim.username, [cookie])).code).toBe('rate_limited');
  });

  it('who sits at a signed-in device guesses no faster there, and other sessions do not wait for it', async () => {
    const member = await aMember();
    const elsewhere = await logIn(member.username);
    const wrong = { current: 'wrong password', next: 'staple of the month' };
    const codes: string[] = [];
    for (let n = 0; n <= limits.freeLogInTries; n++)
      codes.push((await ask('/auth/password', { token: member.token, body: wrong })).code!);
    expect(codes.at(-1)).toBe('rate_limited');
    for (const [path, body] of [
      ['/auth/recovery-codes', { password }],
      ['/auth/register', { username: member.username, password }],
    ] as const)
      expect((await ask(path, { token: member.token, body })).code).toBe('rate_limited');
    const right = { ...wrong, current: password };
    expect((await ask('/auth/password', { token: elsewhere.body.accessToken, body: right })).status).toBe(204);
  });

  it('a known device has a counter of its own', async () => {
    const member = await aMember();
    const codes = await guessUntilRefused(member.username, member.device);
    expect(codes).toHaveLength(limits.freeLogInTries + 1);
    expect((await logIn(member.username)).status).toBe(200);
  });
});

describe('the device cookie', () => {
  const lineOf = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    return response.headers.getSetCookie().find((line) => line.startsWith('cloudhop_device'));
  };

  it('is given for a right password, out of reach of scripts and other sites, and not again', async () => {
    const { username } = await aMember();
    const line = await lineOf('/auth/login', { username, password });
    expect(line).toMatch(
      /^cloudhop_device=[\w~.-]+; Max-Age=\d+; Path=\/api\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    const cookie = line!.split(';')[0]!;
    expect(await lineOf('/auth/login', { username, password }, { cookie })).toBeUndefined();
    expect(await lineOf('/auth/guest', {})).toBeUndefined();
  });

  it('knows several members of one device', async () => {
    const [one, two] = [await aMember(), await aMember()];
    const first = (await logIn(one.username)).cookies.filter((cookie) => cookie.startsWith('cloudhop_device'));
    const both = (await logIn(two.username, first)).cookies.filter((cookie) => cookie.startsWith('cloudhop_device'));
    for (const { username } of [one, two]) {
      await guessUntilRefused(username);
      expect((await logIn(username, both)).status).toBe(200);
    }
  });
});

describe('a recovery code', () => {
  it('that is wrong again and again waits; another one does not', async () => {
    const member = await aMember();
    const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', {
      token: member.token,
      body: { password },
    });
    const codes: string[] = [];
    for (let n = 0; n <= limits.freeLogInTries; n++)
      codes.push((await ask('/auth/recover', { body: { code: 'nonsense', password } })).code!);
    expect(codes.at(-1)).toBe('rate_limited');
    expect((await ask('/auth/recover', { body: { code: body.codes[0], password } })).status).toBe(200);
  });

  it('that is right costs no try while the new password is refused', async () => {
    const member = await aMember();
    const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', {
      token: member.token,
      body: { password },
    });
    const [code] = body.codes;
    for (let n = 0; n < 2 * limits.freeLogInTries; n++)
      expect((await ask('/auth/recover', { body: { code, password: 'password1' } })).code).toBe('weak_password');
    expect((await ask('/auth/recover', { body: { code, password } })).status).toBe(200);
  });
});
