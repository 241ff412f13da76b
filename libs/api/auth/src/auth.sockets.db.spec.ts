import type { ErrorBody, FactPayload, Reply, Session } from '@cloudhop/contracts';
import { type AppSocket, type ClientEvents, RealtimeServer, type ServerEvents } from '@cloudhop/api/platform';
import { FeedHub, MemoryNetwork, PresenceRegistry } from '@cloudhop/api/realtime';
import { testDatabase } from '@cloudhop/api/database/testing';
import { JwtService } from '@nestjs/jwt';
import { io, type Socket } from 'socket.io-client';
import { tokenPins } from './access-token-keys';
import { AccessTokensService } from './access-tokens.service';
import { AccountsService } from './accounts.service';
import { SessionCutsService } from './session-cuts.service';
import { type Grant, SessionsService } from './sessions.service';
import { type AuthNode, startAuthNode, testSecrets } from './testing/auth-node';
import { sessionOf } from './testing/past-sessions';
import { UsersService } from './users.service';

type ClientSocket = Socket<ServerEvents, ClientEvents>;

const database = testDatabase();
let node: AuthNode;
let other: AuthNode;
let url: string;
let otherUrl: string;
const opened: ClientSocket[] = [];

beforeAll(async () => {
  const network = new MemoryNetwork();
  [node, other] = [await startAuthNode(database.url, { network }), await startAuthNode(database.url, { network })];
  [url, otherUrl] = [await node.listen(), await other.listen()];
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.disconnect();
});
afterAll(() => Promise.all([node.close(), other.close()]));

const newGuest = () => node.module.get(SessionsService).enter([], undefined);

function open(auth: object, at = url): ClientSocket {
  const socket: ClientSocket = io(at, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
  opened.push(socket);
  return socket;
}

/** Resolves with the connected socket, or with its refusal. */
function connect(auth: object, at = url): Promise<ClientSocket | ErrorBody> {
  const socket = open(auth, at);
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(socket));
    socket.on('connect_error', (error) => resolve((error as Error & { data: ErrorBody }).data));
  });
}

async function connected({ accessToken }: Session, at = url): Promise<ClientSocket> {
  const result = await connect({ token: accessToken }, at);
  if ('code' in result) throw new Error(`refused: ${result.code}`);
  return result;
}

/** Resolves with the socket's session:revoked fact once the socket is closed. */
function revocation(socket: ClientSocket): Promise<FactPayload<'session:revoked'>> {
  return new Promise((resolve) => {
    socket.on('session:revoked', (fact) => socket.on('disconnect', () => resolve(fact)));
  });
}

function serverSide(socket: ClientSocket): AppSocket {
  return node.module.get(RealtimeServer).io.of('/').sockets.get(socket.id!)!;
}

const renew = (socket: ClientSocket, token: string) =>
  socket.emitWithAck('session:renew', { token }) as Promise<Reply<{ expiresAt: string }>>;

describe('the handshake', () => {
  it('finds out who the socket is', async () => {
    const { session, refreshToken } = await newGuest();
    const socket = await connect({ token: session.accessToken, hidden: true, anything: 'else' });
    expect(serverSide(socket as ClientSocket).data).toMatchObject({
      actor: { userId: session.user.id, sessionId: refreshToken.split('.')[0] },
      user: session.user,
      tokenExpiresAt: Date.parse(session.expiresAt),
      isHidden: true,
      address: '127.0.0.1',
    });
  });

  it.each<[string, object]>([
    ['without a token', {}],
    ['with an empty one', { token: '' }],
    ['with a number', { token: 7 }],
    ['with an object', { token: { toString: 'x' } }],
    ['with a very long one', { token: 'x'.repeat(5_000) }],
    ['with a forged one', { token: 'a.b.c' }],
  ])('%s is refused as unauthenticated', async (_, auth) => {
    expect(await connect(auth)).toMatchObject({ code: 'unauthenticated' });
  });

  it('with an expired token is refused as token_expired', async () => {
    const grant = await newGuest();
    const { algorithm, issuer, audience } = tokenPins;
    const [{ kid, secret }] = testSecrets.jwtKeys;
    const claims = { sub: grant.session.user.id, sid: sessionOf(grant), exp: Math.floor(Date.now() / 1_000) - 1 };
    const token = new JwtService().sign(claims, { algorithm, issuer, audience, keyid: kid, secret });
    expect(await connect({ token })).toMatchObject({ code: 'token_expired' });
  });

  it('with the token of an ended session is refused as session_ended, on every node', async () => {
    const { session, refreshToken } = await newGuest();
    await other.module.get(SessionsService).logOut([refreshToken]);
    expect(await connect({ token: session.accessToken })).toMatchObject({ code: 'session_ended' });
    expect(await connect({ token: session.accessToken }, otherUrl)).toMatchObject({ code: 'session_ended' });
  });

  it('reads no cookies', async () => {
    const { refreshToken } = await newGuest();
    const socket: ClientSocket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { cookie: `cloudhop_refresh=${refreshToken}` },
    });
    opened.push(socket);
    const error = await new Promise<Error & { data?: ErrorBody }>((resolve) => socket.on('connect_error', resolve));
    expect(error.data).toMatchObject({ code: 'unauthenticated' });
  });

  it('I6: sees a session that ends while it is under way', async () => {
    const grants = await Promise.all(Array.from({ length: 20 }, newGuest));
    const outcomes = await Promise.all(
      grants.map(async (grant, i) => {
        const socket = open({ token: grant.session.accessToken });
        const isOver = new Promise<true>((resolve) => {
          socket.on('disconnect', () => resolve(true));
          socket.on('connect_error', () => resolve(true));
        });
        await new Promise((resolve) => setTimeout(resolve, i));
        await other.module.get(SessionsService).logOut([grant.refreshToken]);
        const isLate = new Promise<false>((resolve) => setTimeout(resolve, 2_500, false));
        return Promise.race([isOver, isLate]);
      }),
    );
    expect(outcomes).toEqual(outcomes.map(() => true));
  });

  it('I6: refuses a session that ended after it was looked at and before its feed was subscribed', async () => {
    const { session, refreshToken } = await newGuest();
    const feeds = node.module.get(FeedHub);
    const subscribe = feeds.subscribe.bind(feeds);
    const spy = jest.spyOn(feeds, 'subscribe').mockImplementationOnce(async (...subscription) => {
      await other.module.get(SessionsService).logOut([refreshToken]);
      return subscribe(...subscription);
    });
    expect(await connect({ token: session.accessToken })).toMatchObject({ code: 'session_ended' });
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
  });
});

describe('session:renew', () => {
  it('lets the socket live until the new token ends, and never shorter', async () => {
    const grant = await newGuest();
    const socket = await connected(grant.session);
    serverSide(socket).data.tokenExpiresAt -= 60_000;
    const { session } = await node.module.get(SessionsService).refresh([grant.refreshToken]);
    expect(await renew(socket, session.accessToken)).toEqual({ ok: true, data: { expiresAt: session.expiresAt } });
    expect(serverSide(socket).data.tokenExpiresAt).toBe(Date.parse(session.expiresAt));
  });

  it('takes only tokens of the same session', async () => {
    const [own, stranger] = [await newGuest(), await newGuest()];
    const socket = await connected(own.session);
    const sibling = await node.module.get(AccessTokensService).sign(own.session.user.id, sessionOf(stranger));
    for (const token of [stranger.session.accessToken, sibling.accessToken])
      expect(await renew(socket, token)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await renew(socket, 'nonsense')).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    expect(socket.connected).toBe(true);
  });
});

describe('a session that ends', () => {
  it('I6: closes its sockets on both nodes within a second, says why, and leaves other sessions alone', async () => {
    const [leaving, staying] = [await newGuest(), await newGuest()];
    const sockets = await Promise.all([connected(leaving.session), connected(leaving.session, otherUrl)]);
    const bystander = await connected(staying.session);
    const began = performance.now();
    const told = Promise.all(sockets.map(revocation));
    await node.module.get(SessionsService).logOut([leaving.refreshToken]);
    expect(await told).toEqual(sockets.map(() => ({ sessionId: sessionOf(leaving), reason: 'logged_out' })));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await bystander.emitWithAck('presence:set', { hidden: false })).toMatchObject({ ok: true });
  });

  it('closes only that session of its user', async () => {
    const grant = await newGuest();
    const second = (
      await database.query<{ id: string }>(
        `insert into sessions (id, user_id, expires_at) values (gen_random_uuid(), $1, now() + interval '1 day') returning id`,
        [grant.session.user.id],
      )
    )[0]!.id;
    const { accessToken } = await node.module.get(AccessTokensService).sign(grant.session.user.id, second);
    const [socket, elsewhere] = [await connected(grant.session), await connected({ ...grant.session, accessToken })];
    const told = revocation(elsewhere);
    await node.module.get(SessionsService).end(second, 'revoked');
    expect(await told).toEqual({ sessionId: second, reason: 'revoked' });
    expect(await socket.emitWithAck('presence:set', { hidden: false })).toMatchObject({ ok: true });
  });

  it('closes its sockets when it ends because a refresh token was stolen', async () => {
    const grant = await newGuest();
    const sessions = node.module.get(SessionsService);
    await sessions.refresh([(await sessions.refresh([grant.refreshToken])).refreshToken]);
    await database.query(
      `update sessions set presentations = array(select p - interval '2 minutes' from unnest(presentations) p) where id = $1`,
      [sessionOf(grant)],
    );
    const told = revocation(await connected(grant.session));
    await expect(sessions.refresh([grant.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
    expect(await told).toMatchObject({ reason: 'reused' });
  });
});

describe('I14: where the feed of its user is stuck, a session that ends', () => {
  /** Personal feeds deliver nothing on either node, live or by repair. */
  beforeEach(() => {
    for (const { module } of [node, other]) jest.spyOn(module.get(FeedHub), 'publish').mockReturnValue();
  });
  afterEach(() => jest.restoreAllMocks());

  /** Switches the comparison off: only the call and the message between nodes cut sockets. */
  const withoutComparison = () => {
    for (const { module } of [node, other]) jest.spyOn(module.get(SessionCutsService), 'check').mockResolvedValue();
  };
  const bothOf = (grant: Grant) => Promise.all([connected(grant.session), connected(grant.session, otherUrl)]);

  it('by a new password, given on another device, has its sockets cut on both nodes without a comparison', async () => {
    withoutComparison();
    const guest = await newGuest();
    const accounts = node.module.get(AccountsService);
    const userId = guest.session.user.id;
    const account = { username: `momo_${Date.now().toString(36)}`, password: 'correct horse battery' };
    const member = await accounts.register({ userId, sessionId: sessionOf(guest) }, account);
    const here = { label: '', address: '', refreshTokens: [], deviceCookies: [] };
    const elsewhere = await accounts.logIn(account, here);
    const told = Promise.all((await bothOf(member)).map(revocation));
    const actor = { userId, sessionId: elsewhere.sessionId, requestId: '' };
    await accounts.changePassword(actor, { current: account.password, next: 'staple of the month' });
    const fact = { sessionId: member.sessionId, reason: 'revoked' };
    expect(await told).toEqual([fact, fact]);
  }, 20_000);

  it.each<[string, (grant: Grant) => Promise<unknown>, FactPayload<'session:revoked'>['reason']]>([
    ['by a log-out', (grant) => node.module.get(SessionsService).logOut([grant.refreshToken]), 'logged_out'],
    ['by a revocation', (grant) => node.module.get(SessionsService).end(sessionOf(grant), 'revoked'), 'revoked'],
    [
      'with all others, as a password changes',
      (grant) => node.module.get(SessionsService).endAll(grant.session.user.id, 'revoked'),
      'revoked',
    ],
    ['with its account', (grant) => node.module.get(UsersService).forget(grant.session.user.id), 'revoked'],
  ])('%s has its sockets cut on both nodes without a comparison', async (_, end, reason) => {
    withoutComparison();
    const grant = await newGuest();
    const sockets = await bothOf(grant);
    const told = Promise.all(sockets.map(revocation));
    await end(grant);
    expect(await told).toEqual(sockets.map(() => ({ sessionId: sessionOf(grant), reason })));
  });

  it.each<[string, string, FactPayload<'session:revoked'>['reason']]>([
    ['ended', `ended_at = clock_timestamp(), end_reason = 'revoked'`, 'revoked'],
    ['ran out', `expires_at = clock_timestamp()`, 'expired'],
  ])('of which no node was told that it %s has its sockets cut within three seconds', async (_, change, reason) => {
    const [grant, staying] = [await newGuest(), await newGuest()];
    const sockets = await bothOf(grant);
    const bystanders = await bothOf(staying);
    const told = Promise.all(sockets.map(revocation));
    const began = performance.now();
    await database.query(`update sessions set ${change} where id = $1`, [sessionOf(grant)]);
    expect(await told).toEqual(sockets.map(() => ({ sessionId: sessionOf(grant), reason })));
    expect(performance.now() - began).toBeLessThan(3_000);
    for (const socket of bystanders)
      expect(await socket.emitWithAck('presence:set', { hidden: false })).toMatchObject({ ok: true });
  });
});

describe('a user', () => {
  it('who takes a name has it on every socket, and hears of it, on every node', async () => {
    const { session } = await newGuest();
    const sockets = await Promise.all([connected(session), connected(session, otherUrl)]);
    const heard = sockets.map(
      (socket) => new Promise<FactPayload<'personal:changed'>>((resolve) => socket.on('personal:changed', resolve)),
    );
    const user = await node.module
      .get(UsersService)
      .changeProfile({ userId: session.user.id }, { displayName: '小桃' });
    for (const fact of await Promise.all(heard))
      expect(fact).toMatchObject({ fromRev: 0, toRev: 1, changes: [{ kind: 'user', rev: 1, user }] });
    expect(serverSide(sockets[0]).data.user).toEqual(user);
  });

  it('hides and shows with presence:set', async () => {
    const { session } = await newGuest();
    const socket = await connected(session);
    const lobby = session.user.id;
    const presence = node.module.get(PresenceRegistry);
    presence.enter(serverSide(socket), lobby);
    expect(await socket.emitWithAck('presence:set', { hidden: true })).toEqual({ ok: true, data: {} });
    expect(presence.count(lobby)).toBe(0);
    expect(serverSide(socket).data.isHidden).toBe(true);
    await socket.emitWithAck('presence:set', { hidden: false });
    expect(presence.count(lobby)).toBe(1);
    presence.leave(serverSide(socket));
  });
});
