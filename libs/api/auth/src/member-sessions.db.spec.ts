import type { ErrorBody, Reply, Session } from '@cloudhop/contracts';
import { type ClientEvents, limits, type ServerEvents } from '@cloudhop/api/platform';
import { MemoryNetwork } from '@cloudhop/api/realtime';
import { testDatabase } from '@cloudhop/api/database/testing';
import * as fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { type AuthNode, startAuthNode } from './testing/auth-node';

type ClientSocket = Socket<ServerEvents, ClientEvents>;

const database = testDatabase();
let nodes: AuthNode[];
let urls: string[];
const before = { ...limits };
const opened: ClientSocket[] = [];

beforeAll(async () => {
  Object.assign(limits, { signInsPerMinute: 10_000, guestsPerMinute: 10_000, addressRequestsPerMinute: 100_000 });
  const network = new MemoryNetwork();
  nodes = [await startAuthNode(database.url, { network }), await startAuthNode(database.url, { network })];
  urls = await Promise.all(nodes.map((node) => node.listen()));
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.disconnect();
});
afterAll(async () => {
  Object.assign(limits, before);
  await Promise.all(nodes.map((node) => node.close()));
});

interface Answer<T = Session> {
  status: number;
  body: T;
  code: string | undefined;
  /** The device's cookie after the response. */
  cookie: string | undefined;
}

async function ask<T = Session>(
  path: string,
  asked: { body?: unknown; cookie?: string | undefined; token?: string; method?: string; node?: number } = {},
): Promise<Answer<T>> {
  const { body = {}, cookie, token, method = 'POST', node = 0 } = asked;
  const response = await fetch(`${urls[node]}/api${path}`, {
    method,
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
    headers: {
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as { error?: ErrorBody });
  const given = response.headers.getSetCookie().find((line) => line.startsWith('cloudhop_refresh='));
  return {
    status: response.status,
    body: parsed as T,
    code: parsed.error?.code,
    cookie: given === undefined ? cookie : given.split(';')[0]!,
  };
}

let count = 0;
const password = 'correct horse battery';
const aName = () => `momo_${Date.now().toString(36)}_${count++}`;
const familyOf = (cookie: string | undefined) => cookie!.split('=')[1]!.split('.')[0]!;
const idOf = ({ body }: Answer) => body.user.id;
const refresh = (cookie: string | undefined, node = 0) => ask('/auth/refresh', { cookie, node });

async function aRegistered(node = 0) {
  const guest = await ask('/auth/guest');
  const account = { username: aName(), password };
  const member = await ask('/auth/register', {
    body: account,
    token: guest.body.accessToken,
    cookie: guest.cookie,
    node,
  });
  expect(member.status).toBe(201);
  return { guest, member, account };
}

/** Moves the registration into the past. */
async function age(cookie: string | undefined, ms: number): Promise<void> {
  await database.query(`update sessions set replaced_at = replaced_at - $2 * interval '1 millisecond' where id = $1`, [
    familyOf(cookie),
    ms,
  ]);
}

function open(token: string, node = 0): Promise<ClientSocket | ErrorBody> {
  const socket: ClientSocket = io(urls[node], {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  opened.push(socket);
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(socket));
    socket.on('connect_error', (error) => resolve((error as Error & { data: ErrorBody }).data));
  });
}

async function connected(token: string, node = 0): Promise<ClientSocket> {
  const socket = await open(token, node);
  if ('code' in socket) throw new Error(`refused: ${socket.code}`);
  return socket;
}

const renew = (socket: ClientSocket, token: string) =>
  socket.emitWithAck('session:renew', { token }) as Promise<Reply<{ expiresAt: string }>>;
const works = async (socket: ClientSocket) =>
  (await (socket.emitWithAck('presence:set', { hidden: false }) as Promise<Reply<unknown>>)).ok;
/**
 * Resolves when the socket is closed, with whether it received the end of the session, on which a page erases its data.
 */
const closing = (socket: ClientSocket) =>
  new Promise<'closed' | 'revoked'>((resolve) => {
    let how: 'closed' | 'revoked' = 'closed';
    socket.on('session:revoked', () => (how = 'revoked'));
    socket.on('disconnect', () => resolve(how));
  });

describe('registering', () => {
  it('begins a new family: the stolen cookie of the guest is worth nothing once the new one was presented', async () => {
    const { guest, member } = await aRegistered();
    expect(familyOf(member.cookie)).not.toBe(familyOf(guest.cookie));
    expect((await refresh(member.cookie)).status).toBe(200);
    expect((await refresh(guest.cookie, 1)).code).toBe('session_ended');
    const stranger = await ask('/auth/guest', { cookie: guest.cookie });
    expect([stranger.status, idOf(stranger) === idOf(member)]).toEqual([201, false]);
    expect((await ask('/auth/me', { method: 'GET', token: guest.body.accessToken })).code).toBe('token_expired');
  });

  it('the stolen cookie of the guest is worth nothing after the overlap', async () => {
    const { guest, member } = await aRegistered();
    await age(guest.cookie, limits.refreshOverlapMs);
    expect((await refresh(guest.cookie)).code).toBe('session_ended');
    expect((await ask('/auth/me', { method: 'GET', token: guest.body.accessToken, node: 1 })).code).toBe(
      'token_expired',
    );
    // The member is unaffected.
    expect(idOf(await refresh(member.cookie))).toBe(idOf(guest));
  });

  it('the stolen cookie of the guest can’t be used to register again, to log out the member, or to end sessions', async () => {
    const { guest, member, account } = await aRegistered();
    const { accessToken: token } = member.body;
    await refresh(member.cookie);
    expect((await ask('/auth/register', { cookie: guest.cookie, body: account })).code).toBe('username_taken');
    await ask('/auth/logout', { cookie: guest.cookie });
    expect((await ask('/auth/me', { method: 'GET', token })).status).toBe(200);
    expect((await refresh(member.cookie)).status).toBe(200);
  });

  it('I9: a lost answer costs nothing: the old cookie answers with the new family, and the repeat is the first result', async () => {
    const { guest, account } = await aRegistered();
    for (const node of [0, 1]) {
      const again = await ask('/auth/register', {
        body: account,
        token: guest.body.accessToken,
        cookie: guest.cookie,
        node,
      });
      expect([again.status, idOf(again)]).toEqual([200, idOf(guest)]);
      const refreshed = await refresh(guest.cookie, node);
      expect(refreshed.cookie).toBe(again.cookie);
      expect(refreshed.body.user).toMatchObject({ id: idOf(guest), kind: 'member' });
    }
  });

  it('I9: logging out after a lost answer ends both families', async () => {
    const { guest, member } = await aRegistered();
    expect((await ask('/auth/logout', { cookie: guest.cookie })).status).toBe(204);
    expect((await refresh(guest.cookie)).code).toBe('session_ended');
    expect((await refresh(member.cookie)).code).toBe('session_ended');
  });

  it('a failed registration leaves the guest’s family as it was', async () => {
    const { account } = await aRegistered();
    const guest = await ask('/auth/guest');
    const { code } = await ask('/auth/register', {
      body: account,
      token: guest.body.accessToken,
      cookie: guest.cookie,
    });
    expect(code).toBe('username_taken');
    expect((await refresh((await refresh(guest.cookie)).cookie)).body.user).toMatchObject({ kind: 'guest' });
  });

  it('shows one device in the list, and ends the code that brought the guest back', async () => {
    const guest = await ask('/auth/guest');
    const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', { token: guest.body.accessToken });
    const member = await ask('/auth/register', {
      body: { username: aName(), password },
      token: guest.body.accessToken,
      cookie: guest.cookie,
    });
    for (const token of [guest.body.accessToken, member.body.accessToken]) {
      const { items } = (await ask<{ items: { isCurrent: boolean }[] }>('/auth/sessions', { method: 'GET', token }))
        .body;
      expect(items).toMatchObject([{ isCurrent: true }]);
    }
    const recovered = await ask('/auth/recover', { body: { code: body.codes[0], password: 'another password' } });
    expect(recovered.code).toBe('wrong_credentials');
  });

  it('ends every other family of the guest: whoever came in by a recovery code is not in the account', async () => {
    const guest = await ask('/auth/guest');
    const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', { token: guest.body.accessToken });
    const other = await ask('/auth/recover', { body: { code: body.codes[0] }, node: 1 });
    expect(idOf(other)).toBe(idOf(guest));
    const sockets = await Promise.all([connected(other.body.accessToken), connected(other.body.accessToken, 1)]);
    const cut = Promise.all(sockets.map(closing));
    const account = { username: aName(), password };
    const member = await ask('/auth/register', { body: account, token: guest.body.accessToken, cookie: guest.cookie });
    // Without a reason: the user's own device keeps its outbox, and sends it after the log-in.
    expect(await cut).toEqual(['closed', 'closed']);
    for (const node of [0, 1]) {
      expect((await ask('/auth/me', { method: 'GET', token: other.body.accessToken, node })).code).toBe(
        'token_expired',
      );
      const refused = await ask<{ error: ErrorBody }>('/auth/refresh', { cookie: other.cookie, node });
      expect(refused.body.error).toMatchObject({ code: 'session_ended', fields: { session: 'replaced' } });
    }
    expect(await open(other.body.accessToken, 1)).toMatchObject({ code: 'token_expired' });
    await ask('/auth/logout', { cookie: other.cookie });
    expect((await ask('/auth/register', { cookie: other.cookie, body: account })).code).toBe('username_taken');
    expect((await refresh(member.cookie)).status).toBe(200);
    // A deleted account leaves no data on any device.
    const { status } = await ask('/auth/me', { method: 'DELETE', token: member.body.accessToken, body: { password } });
    expect(status).toBe(204);
    expect((await refresh(other.cookie)).body).toEqual({
      error: expect.not.objectContaining({ fields: expect.anything() }),
    });
  });

  it('ends a family that begins at the same time by a recovery code', async () => {
    for (let round = 0; round < 6; round++) {
      const guest = await ask('/auth/guest');
      const { accessToken: token } = guest.body;
      const { body } = await ask<{ codes: string[] }>('/auth/recovery-codes', { token });
      const [member, other] = await Promise.all([
        ask('/auth/register', { body: { username: aName(), password }, token, cookie: guest.cookie }),
        ask('/auth/recover', { body: { code: body.codes[0] }, node: 1 }),
      ]);
      expect(member.status).toBe(201);
      expect((await refresh(other.cookie)).status).toBe(401);
    }
  }, 30_000);

  it('I9: whatever devices with the cookie do and lose, none of them loses the identity', async () => {
    const deeds = fc.array(
      fc.record({
        tab: fc.nat(1),
        deed: fc.constantFrom('refresh', 'register', 'enter'),
        node: fc.nat(1),
        isLost: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(deeds, async (program) => {
        const guest = await ask('/auth/guest');
        const account = { username: aName(), password };
        // One browser: its tabs share the cookie, and each has its access token.
        let { cookie } = guest;
        const tokens = [guest.body.accessToken, guest.body.accessToken];
        for (const { tab, deed, node, isLost } of program) {
          const path = deed === 'enter' ? '/auth/guest' : `/auth/${deed}`;
          const isRegistering = deed === 'register';
          const answer = await ask(path, {
            cookie,
            node,
            ...(isRegistering && { token: tokens[tab]!, body: account }),
          });
          if (answer.code === 'token_expired') {
            // As the client does: refreshes and retries.
            const next = await refresh(cookie, node);
            expect(idOf(next)).toBe(idOf(guest));
            cookie = next.cookie;
            tokens[tab] = next.body.accessToken;
            continue;
          }
          expect({ deed, code: answer.code, id: answer.body.user.id }).toEqual({
            deed,
            code: undefined,
            id: idOf(guest),
          });
          if (isLost) continue;
          cookie = answer.cookie;
          tokens[tab] = answer.body.accessToken;
        }
        expect(idOf(await refresh(cookie))).toBe(idOf(guest));
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('the sockets of who registers', () => {
  it('I9: move over by session:renew, on every node, and go on after the old family has ended', async () => {
    const guest = await ask('/auth/guest');
    const sockets = await Promise.all([connected(guest.body.accessToken), connected(guest.body.accessToken, 1)]);
    const bystanders = await Promise.all([connected(guest.body.accessToken), connected(guest.body.accessToken, 1)]);
    const account = { username: aName(), password };
    const member = await ask('/auth/register', { body: account, token: guest.body.accessToken, cookie: guest.cookie });
    for (const socket of sockets) expect(await renew(socket, member.body.accessToken)).toMatchObject({ ok: true });
    // The barrier: those that have not moved are cut in the same step.
    const cut = Promise.all(bystanders.map(closing));
    await refresh(member.cookie);
    await cut;
    expect(await Promise.all(sockets.map(works))).toEqual([true, true]);
    // The sockets belong to the new session: its end closes them.
    const revoked = Promise.all(sockets.map(closing));
    await ask('/auth/logout', { cookie: member.cookie });
    expect(await revoked).toEqual(['revoked', 'revoked']);
  });

  it('I6: are cut on every node when the new token was presented, unless they have moved; they are not told to forget', async () => {
    const guest = await ask('/auth/guest');
    const stolen = await Promise.all([connected(guest.body.accessToken), connected(guest.body.accessToken, 1)]);
    const cut = Promise.all(stolen.map(closing));
    const member = await ask('/auth/register', {
      body: { username: aName(), password },
      token: guest.body.accessToken,
      cookie: guest.cookie,
    });
    expect(await Promise.all(stolen.map(works))).toEqual([true, true]);
    await refresh(member.cookie);
    expect(await cut).toEqual(['closed', 'closed']);
    // A tab that comes back is sent to refresh.
    expect(await open(guest.body.accessToken, 1)).toMatchObject({ code: 'token_expired' });
  });

  it('I6: are cut after the overlap on every node, when nobody presents the new token', async () => {
    Object.assign(limits, { refreshOverlapMs: 300 });
    try {
      const guest = await ask('/auth/guest');
      const stolen = await Promise.all([connected(guest.body.accessToken), connected(guest.body.accessToken, 1)]);
      const cut = Promise.all(stolen.map(closing));
      await ask('/auth/register', { body: { username: aName(), password }, token: guest.body.accessToken });
      expect(await cut).toEqual(['closed', 'closed']);
    } finally {
      Object.assign(limits, before, { signInsPerMinute: 10_000 });
    }
  });

  it('do not move to a session that has ended, or to one that did not replace theirs', async () => {
    const { guest, member, account } = await aRegistered();
    const elsewhere = await ask('/auth/login', { body: account });
    expect(await open(guest.body.accessToken)).toMatchObject({ code: 'token_expired' });
    const socket = await connected(member.body.accessToken);
    expect(await renew(socket, elsewhere.body.accessToken)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await renew(socket, guest.body.accessToken)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await works(socket)).toBe(true);
  });
});
