import { type ErrorBody, limits, type Session, type User } from '@cloudhop/contracts';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type AuthNode, startAuthNode } from './testing/auth-node';

const database = testDatabase();
let node: AuthNode;
let secure: AuthNode;
let url: string;
let secureUrl: string;

beforeAll(async () => {
  node = await startAuthNode(database.url);
  secure = await startAuthNode(database.url, { publicUrl: 'https://chat.example' });
  [url, secureUrl] = await Promise.all([node.listen(), secure.listen()]);
});
afterAll(() => Promise.all([node.close(), secure.close()]));

interface Asked {
  method?: string;
  body?: unknown;
  cookie?: string;
  token?: string;
  headers?: Record<string, string>;
  at?: string;
}

interface Answer<T> {
  status: number;
  body: T;
  error?: ErrorBody;
  /** The full Set-Cookie header. */
  setCookie: string;
  /** The Cookie header of the browser's next request. */
  cookie: string;
}

async function ask<T = Session>(
  path: string,
  { method = 'POST', body = {}, cookie, token, headers, at = url }: Asked = {},
): Promise<Answer<T>> {
  const response = await fetch(`${at}/api${path}`, {
    method,
    ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: {
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as { error?: ErrorBody });
  const setCookie = response.headers.get('set-cookie') ?? '';
  return {
    status: response.status,
    body: parsed as T,
    error: parsed.error,
    setCookie,
    cookie: setCookie.split(';')[0]!,
  };
}

describe('POST /api/auth/guest', () => {
  it('makes a guest: 201, a session, and a cookie that scripts and other sites never see', async () => {
    const { status, body, setCookie } = await ask('/auth/guest');
    expect(status).toBe(201);
    expect(body).toEqual({
      user: {
        id: expect.any(String),
        kind: 'guest',
        displayName: `Guest ${body.user.tag}`,
        profileRev: 1,
        tag: body.user.tag,
      },
      accessToken: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect(setCookie).toMatch(
      /^cloudhop_refresh=[\w.-]+; Max-Age=2592000; Path=\/api\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
  });

  it('on https the cookie has the prefix, Secure and the path /', async () => {
    const { setCookie } = await ask('/auth/guest', { at: secureUrl });
    expect(setCookie).toMatch(
      /^__Host-cloudhop_refresh=[\w.-]+; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('I9: answers 200 and the same guest to whoever has the cookie', async () => {
    const first = await ask('/auth/guest', { body: { displayName: '小桃' } });
    const again = await ask('/auth/guest', { cookie: first.cookie });
    expect(again.status).toBe(200);
    expect(again.body.user).toEqual(first.body.user);
  });

  it('makes another for a cookie that is worth nothing', async () => {
    expect((await ask('/auth/guest', { cookie: 'cloudhop_refresh=nonsense' })).status).toBe(201);
  });
});

describe('POST /api/auth/refresh and /logout', () => {
  it('trades the cookie for the next, and a lost answer costs nothing', async () => {
    const first = await ask('/auth/guest');
    const [lost, again] = [
      await ask('/auth/refresh', { cookie: first.cookie }),
      await ask('/auth/refresh', { cookie: first.cookie }),
    ];
    expect([lost.status, again.status]).toEqual([200, 200]);
    expect(again.cookie).toBe(lost.cookie);
    expect(again.cookie).not.toBe(first.cookie);
    expect(again.body.user).toEqual(first.body.user);
  });

  it('without a cookie is unauthenticated', async () => {
    expect(await ask('/auth/refresh')).toMatchObject({ status: 401, error: { code: 'unauthenticated' } });
  });

  it('after log-out neither cookie nor token work, and the cookie is taken away', async () => {
    const guest = await ask('/auth/guest');
    const out = await ask('/auth/logout', { cookie: guest.cookie });
    expect(out.status).toBe(204);
    expect(out.setCookie).toMatch(
      /^cloudhop_refresh=; Path=\/api\/auth; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect(await ask('/auth/refresh', { cookie: guest.cookie })).toMatchObject({
      status: 401,
      error: { code: 'session_ended' },
    });
    expect(await ask('/auth/me', { method: 'GET', token: guest.body.accessToken })).toMatchObject({
      status: 401,
      error: { code: 'session_ended' },
    });
    expect((await ask('/auth/logout')).status).toBe(204);
  });
});

describe('R7: a device that keeps no cookies', () => {
  type Bare = Session & { refreshToken?: string };
  const bare = (path: string, refreshToken: string | null, asked: Asked = {}) =>
    ask<Bare>(path, { ...asked, body: { ...(asked.body as object | undefined), refreshToken } });

  it('gets its refresh token in the answer, and in no cookie; it rotates as any other', async () => {
    const first = await bare('/auth/guest', null);
    expect([first.status, first.setCookie]).toEqual([201, '']);
    const [lost, again] = [
      await bare('/auth/refresh', first.body.refreshToken!),
      await bare('/auth/refresh', first.body.refreshToken!),
    ];
    expect([again.status, again.setCookie, again.body.user.id]).toEqual([200, '', first.body.user.id]);
    expect(again.body.refreshToken).toBe(lost.body.refreshToken);
    expect(again.body.refreshToken).not.toBe(first.body.refreshToken);
    await bare('/auth/refresh', again.body.refreshToken!);
    await database.query(
      `update sessions set presentations = array(select p - interval '2 minutes' from unnest(presentations) p) where user_id = $1`,
      [first.body.user.id],
    );
    expect((await bare('/auth/refresh', first.body.refreshToken!)).error?.code).toBe('session_ended');
  });

  it('registers, logs out and logs in without one', async () => {
    const guest = await bare('/auth/guest', null);
    const account = { username: `bare_${Date.now().toString(36)}`, password: 'correct horse battery' };
    const member = await bare('/auth/register', guest.body.refreshToken!, { body: account });
    expect([member.status, member.body.user.id]).toEqual([201, guest.body.user.id]);
    const refreshed = await bare('/auth/refresh', guest.body.refreshToken!);
    expect(refreshed.body.refreshToken).toBe(member.body.refreshToken);
    expect((await bare('/auth/logout', member.body.refreshToken!)).status).toBe(204);
    expect((await bare('/auth/refresh', member.body.refreshToken!)).error?.code).toBe('session_ended');
    const back = await bare('/auth/login', null, { body: account });
    expect([back.status, back.body.refreshToken !== undefined]).toEqual([200, true]);
    const elsewhere = await bare('/auth/login', back.body.refreshToken!, { body: account });
    expect(elsewhere.status).toBe(200);
    expect((await bare('/auth/refresh', back.body.refreshToken!)).error?.code).toBe('session_ended');
  });

  it('a script never gets the token that a cookie keeps', async () => {
    const { cookie, body } = await ask('/auth/guest');
    expect(body).not.toHaveProperty('refreshToken');
    expect((await ask('/auth/refresh', { cookie })).body).not.toHaveProperty('refreshToken');
    expect((await bare('/auth/refresh', null, { cookie })).error?.code).toBe('unauthenticated');
    const guest = await bare('/auth/guest', null, { cookie });
    expect([guest.status, guest.body.user.id === body.user.id]).toEqual([201, false]);
    const account = { username: `other_${Date.now().toString(36)}`, password: 'correct horse battery' };
    const member = await bare('/auth/register', null, { cookie, body: account });
    expect(member.body.user.id).not.toBe(body.user.id);
    await bare('/auth/logout', null, { cookie });
    expect((await ask('/auth/refresh', { cookie })).status).toBe(200);
  });

  it.each(['', 'nonsense', 'x'.repeat(5_000), 7, {}])('a token that is none is refused: %p', async (refreshToken) => {
    const { status } = await ask('/auth/refresh', { body: { refreshToken } });
    expect([400, 401]).toContain(status);
  });
});

describe('writes from elsewhere', () => {
  const writes = [
    ['POST', '/auth/guest'],
    ['POST', '/auth/refresh'],
    ['POST', '/auth/logout'],
    ['PATCH', '/auth/me'],
  ] as const;

  it.each(writes)('%s %s are refused from a foreign site, whatever they carry', async (method, path) => {
    const { cookie, body } = await ask('/auth/guest');
    const own = new URL(url).origin;
    for (const origin of [
      'https://evil.example',
      'null',
      own.replace('127.0.0.1', 'localhost'),
      `${own}.evil.example`,
    ]) {
      const asked = { method, cookie, token: body.accessToken, headers: { origin } };
      expect(await ask(path, asked)).toMatchObject({ status: 403, error: { code: 'foreign_origin' }, setCookie: '' });
    }
    expect((await ask('/auth/refresh', { cookie, headers: { origin: own } })).status).toBe(200);
  });

  it.each(writes)(
    '%s %s are refused when they are no JSON: a form of another site can send nothing else',
    async (method, path) => {
      const { cookie, body } = await ask('/auth/guest');
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const asked = {
          method,
          cookie,
          token: body.accessToken,
          body: 'displayName=x',
          headers: { 'content-type': type },
        };
        expect(await ask(path, asked)).toMatchObject({ status: 415, error: { code: 'unsupported_media_type' } });
      }
    },
  );

  it('with PUBLIC_URL only its origin is our own', async () => {
    const { cookie } = await ask('/auth/guest', { at: secureUrl });
    const from = async (origin: string) =>
      (await ask('/auth/refresh', { at: secureUrl, cookie, headers: { origin } })).status;
    expect(await from('https://chat.example')).toBe(200);
    expect(await from(new URL(secureUrl).origin)).toBe(403);
    expect(await from('http://chat.example')).toBe(403);
  });
});

describe('/api/auth/me', () => {
  it('tells who the bearer is, and takes a new name', async () => {
    const { body } = await ask('/auth/guest');
    const asked = { token: body.accessToken };
    expect(await ask<User>('/auth/me', { ...asked, method: 'GET' })).toMatchObject({ status: 200, body: body.user });
    const renamed = await ask<User>('/auth/me', {
      ...asked,
      method: 'PATCH',
      body: { displayName: '  Zoë\u0308 👩‍👩‍👧‍👦  ' },
    });
    expect(renamed).toMatchObject({
      status: 200,
      body: { ...body.user, displayName: 'Zoë\u0308 👩‍👩‍👧‍👦'.normalize('NFC'), profileRev: 2 },
    });
    expect((await ask<User>('/auth/me', { ...asked, method: 'GET' })).body).toEqual(renamed.body);
  });

  it.each([
    ['no token', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['nonsense', { authorization: 'Bearer nonsense' }],
    [
      'a token whose header is no JSON',
      { authorization: `Bearer ${Buffer.from('{"alg"').toString('base64url')}.e30.x` },
    ],
  ])('with %s is unauthenticated', async (_, headers) => {
    expect(await ask('/auth/me', { method: 'GET', headers })).toMatchObject({
      status: 401,
      error: { code: 'unauthenticated' },
    });
  });

  const grapheme = '👩‍👩‍👧‍👦';
  it.each<[string, unknown, number, string]>([
    ['missing', undefined, 400, 'invalid'],
    ['a number', 7, 400, 'invalid'],
    ['an object', { toString: 'x' }, 400, 'invalid'],
    ['empty', '', 400, 'invalid_text'],
    ['only spaces', ' \u3000\u00a0 ', 400, 'invalid_text'],
    ['only what shows as nothing', '\u200b\u2060\ufe0f', 400, 'invalid_text'],
    ['with a NUL', 'a\0b', 400, 'invalid_text'],
    ['with a line feed', 'a\nb', 400, 'invalid_text'],
    ['with a lone surrogate', 'a\ud800b', 400, 'invalid_text'],
    ['with a bidi override', 'a\u202egnp.b', 400, 'invalid_text'],
    ['with a bidi isolate', 'a\u2066b', 400, 'invalid_text'],
    ['Zalgo', `Z${'\u0300'.repeat(40)}algo`, 400, 'invalid_text'],
    ['33 characters', 'a'.repeat(33), 422, 'too_long'],
    ['33 families', grapheme.repeat(33), 422, 'too_long'],
    ['of few characters and many bytes', 'a\u0308\u0323\u0331'.repeat(200), 422, 'too_long'],
    ['reserved', 'ＡＤＭＩＮ', 400, 'invalid_text'],
  ])('refuses a name that is %s, here and at the door', async (_, displayName, status, code) => {
    const { body } = await ask('/auth/guest');
    const json = JSON.stringify({ displayName });
    expect(await ask('/auth/me', { method: 'PATCH', token: body.accessToken, body: json })).toMatchObject({
      status,
      error: { code, fields: { displayName: expect.any(String) } },
    });
    if (displayName !== undefined)
      expect(await ask('/auth/guest', { body: json })).toMatchObject({ status, error: { code } });
    expect((await ask<User>('/auth/me', { method: 'GET', token: body.accessToken })).body).toEqual(body.user);
  });

  it(`takes a name of ${limits.displayNameGraphemes} characters as people count them`, async () => {
    const displayName = 'é'.repeat(limits.displayNameGraphemes);
    const { body } = await ask('/auth/guest', { body: { displayName } });
    expect(body.user.displayName).toBe(displayName);
  });
});
