import { testDatabase } from '@cloudhop/api/database/testing';
import { JwtService } from '@nestjs/jwt';
import * as fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { tokenPins } from './access-token-keys';
import { AccessTokensService } from './access-tokens.service';
import { GuestSweepService } from './guest-sweep.service';
import { type Grant, SessionsService } from './sessions.service';
import { type AuthNode, startAuthNode, testSecrets } from './testing/auth-node';
import { sessionOf } from './testing/past-sessions';

const database = testDatabase();
let node: AuthNode;
let tokens: AccessTokensService;
let sessions: SessionsService;
let guest: Grant;

beforeAll(async () => {
  node = await startAuthNode(database.url);
  tokens = node.module.get(AccessTokensService);
  sessions = node.module.get(SessionsService);
  guest = await sessions.enter([], undefined);
});
afterAll(() => node.close());

const [signing, previous] = testSecrets.jwtKeys;
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;

/** Returns a token that is valid except for the given parts. */
function forge({
  claims,
  options,
  key = signing,
}: {
  claims?: object;
  options?: object;
  key?: { kid: string; secret: string };
}): string {
  const { algorithm, issuer, audience } = tokenPins;
  const payload = { sub: guest.session.user.id, sid: sessionOf(guest), exp: inAnHour(), ...claims };
  const settings = { algorithm, issuer, audience, keyid: key.kid, secret: key.secret, ...options };
  return new JwtService().sign(withoutAbsent(payload), withoutAbsent(settings));
}

function withoutAbsent(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function unsigned(algorithm: string): string {
  const [, body] = forge({}).split('.');
  return `${Buffer.from(JSON.stringify({ alg: algorithm, typ: 'JWT', kid: signing.kid })).toString('base64url')}.${body}.`;
}

describe('an access token', () => {
  it('names its user and session, for ten minutes', async () => {
    const verified = await tokens.verify(guest.session.accessToken);
    expect(verified).toMatchObject({
      actor: { userId: guest.session.user.id, sessionId: sessionOf(guest) },
      user: guest.session.user,
    });
    expect(new Date(verified.expiresAt).toISOString()).toBe(guest.session.expiresAt);
    expect(verified.expiresAt - Date.now()).toBeGreaterThan(598_000);
    expect(verified.expiresAt - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('is also good with the key before the one that signs', async () => {
    expect((await tokens.verify(forge({ key: previous! }))).user.id).toBe(guest.session.user.id);
  });

  it.each<[string, () => string]>([
    ['empty', () => ''],
    ['not a token', () => 'nonsense'],
    ['longer than any token', () => 'a'.repeat(5_000)],
    ['followed by another word', () => `${guest.session.accessToken} x`],
    ['without a signature', () => unsigned('none')],
    ['of another algorithm, unsigned', () => unsigned('HS384')],
    ['signed with another algorithm', () => forge({ options: { algorithm: 'HS512' } })],
    ['signed with an unknown key', () => forge({ key: { kid: 'stranger', secret: signing.secret } })],
    ['signed with another key under our name', () => forge({ key: { kid: signing.kid, secret: 'x'.repeat(40) } })],
    ['signed with the other of our keys', () => forge({ key: { kid: signing.kid, secret: previous!.secret } })],
    ['without the name of a key', () => forge({ options: { keyid: undefined } })],
    ['for another audience', () => forge({ options: { audience: 'somebody' } })],
    ['of another issuer', () => forge({ options: { issuer: 'somebody' } })],
    ['without an end', () => forge({ claims: { exp: undefined } })],
    ['without a session', () => forge({ claims: { sid: undefined } })],
    ['of a session that is no id', () => forge({ claims: { sid: "'; drop table users" } })],
    ['a refresh token', () => guest.refreshToken],
    ['forged and expired', () => forge({ claims: { exp: 1 }, key: { kid: signing.kid, secret: 'x'.repeat(40) } })],
  ])('is refused as unauthenticated when it is %s', async (_, make) => {
    await expect(tokens.verify(make())).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused as token_expired when it is genuine and its time is over', async () => {
    await expect(tokens.verify(forge({ claims: { exp: Math.floor(Date.now() / 1_000) - 1 } }))).rejects.toMatchObject({
      code: 'token_expired',
    });
  });

  it('is refused as session_ended for sessions that ended, ran out, never were or are another user’s', async () => {
    const [left, late, gone] = [
      await sessions.enter([], undefined),
      await sessions.enter([], undefined),
      await sessions.enter([], undefined),
    ];
    await sessions.logOut([left.refreshToken]);
    await database.query('update sessions set expires_at = now() where id = any ($1)', [
      [sessionOf(late), sessionOf(gone)],
    ]);
    await database.query("update users set last_seen_at = now() - interval '31 days' where id = $1", [
      gone.session.user.id,
    ]);
    await node.module.get(GuestSweepService).run();
    for (const token of [
      left.session.accessToken,
      late.session.accessToken,
      gone.session.accessToken,
      forge({ claims: { sid: uuidV7() } }),
      forge({ claims: { sub: left.session.user.id } }),
    ])
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'session_ended' });
  });

  it('stops at once when another node ends the session', async () => {
    const grant = await sessions.enter([], undefined);
    await tokens.verify(grant.session.accessToken);
    await database.query("select * from session_end_v1($1, 'revoked')", [sessionOf(grant)]);
    await expect(tokens.verify(grant.session.accessToken)).rejects.toMatchObject({ code: 'session_ended' });
  });

  it('is refused when any of its characters was changed', async () => {
    const token = guest.session.accessToken;
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 2), fc.constantFrom(...'aZ09_-.'), async (at, character) => {
        fc.pre(token[at] !== character);
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        await expect(tokens.verify(changed)).rejects.toMatchObject({ code: 'unauthenticated' });
      }),
    );
  });
});
