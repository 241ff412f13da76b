import { type RouteReply, type Session, type User, usernameKey } from '@cloudhop/contracts';
import {
  type Actor,
  type Env,
  ENV,
  type Exchange,
  limits,
  Route,
  type RouteInput,
  SECRETS,
  type Secrets,
  TokenVerifier,
} from '@cloudhop/api/platform';
import { Controller, Inject } from '@nestjs/common';
import { AccountsService, type Device } from './accounts.service';
import { rememberDevice } from './device-cookies';
import { deviceLabel } from './device-label';
import { clearCookie, type CookieShape, cookieShape, readCookie, writeCookie } from './auth-cookies';
import { type Grant, SessionsService } from './sessions.service';
import { UsersService } from './users.service';

/**
 * Body of each call that begins, refreshes or ends a session: with `refreshToken` from a device that keeps no cookies.
 */
type WithoutCookie = RouteInput<'auth.refresh'>['body'];

@Controller()
export class AuthController {
  readonly #cookie: CookieShape;
  readonly #deviceCookie: CookieShape;

  constructor(
    @Inject(ENV) env: Env,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly verifier: TokenVerifier,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {
    this.#cookie = cookieShape(env.PUBLIC_URL);
    this.#deviceCookie = cookieShape(env.PUBLIC_URL, 'device');
  }

  @Route('auth.guest')
  async guest(_actor: undefined, { body }: RouteInput<'auth.guest'>, exchange: Exchange): Promise<Session> {
    const device = this.#device(exchange, body);
    return this.#answer(await this.sessions.enter(device.refreshTokens, body.displayName, device), exchange, body);
  }

  @Route('auth.register')
  async register(_actor: undefined, { body }: RouteInput<'auth.register'>, exchange: Exchange): Promise<Session> {
    const guest =
      (await this.#bearer(exchange)) ?? (await this.sessions.findByToken(this.#refreshTokens(exchange, body)));
    if (!guest)
      return this.#answer(await this.accounts.registerNew(body, this.#device(exchange, body)), exchange, body);
    return this.#answer(await this.accounts.register(guest, body), exchange, body);
  }

  @Route('auth.login')
  async logIn(_actor: undefined, { body }: RouteInput<'auth.login'>, exchange: Exchange): Promise<Session> {
    return this.#answer(await this.accounts.logIn(body, this.#device(exchange, body)), exchange, body);
  }

  @Route('auth.recoveryCodes')
  async makeRecoveryCodes(
    actor: Actor,
    { body }: RouteInput<'auth.recoveryCodes'>,
  ): Promise<RouteReply<'auth.recoveryCodes'>> {
    return { codes: await this.accounts.makeRecoveryCodes(actor, body.password) };
  }

  @Route('auth.recover')
  async recover(_actor: undefined, { body }: RouteInput<'auth.recover'>, exchange: Exchange): Promise<Session> {
    return this.#answer(await this.accounts.recover(body, this.#device(exchange, body)), exchange, body);
  }

  @Route('auth.password')
  async changePassword(actor: Actor, { body }: RouteInput<'auth.password'>): Promise<undefined> {
    await this.accounts.changePassword(actor, body);
  }

  @Route('auth.sessions')
  async listSessions(actor: Actor): Promise<RouteReply<'auth.sessions'>> {
    return { items: await this.sessions.list(actor) };
  }

  @Route('auth.endSession')
  async endSession(actor: Actor, { params }: RouteInput<'auth.endSession'>): Promise<undefined> {
    await this.sessions.endOwn(actor, params.id);
  }

  @Route('auth.endSessions')
  async endSessions(actor: Actor, _input: RouteInput<'auth.endSessions'>, exchange: Exchange): Promise<undefined> {
    await this.sessions.endAll(actor.userId, 'revoked');
    clearCookie(this.#cookie, exchange.response);
  }

  @Route('auth.refresh')
  async refresh(_actor: undefined, { body }: RouteInput<'auth.refresh'>, exchange: Exchange): Promise<Session> {
    const tokens = this.#refreshTokens(exchange, body);
    return this.#answer(await this.sessions.refresh(tokens, exchange.clientAddress), exchange, body);
  }

  @Route('auth.logout')
  async logOut(_actor: undefined, { body }: RouteInput<'auth.logout'>, exchange: Exchange): Promise<undefined> {
    await this.sessions.logOut(this.#refreshTokens(exchange, body));
    if (body.refreshToken === undefined) clearCookie(this.#cookie, exchange.response);
  }

  @Route('auth.me')
  me(actor: Actor): Promise<User> {
    return this.users.require(actor.userId);
  }

  @Route('auth.change')
  change(actor: Actor, { body }: RouteInput<'auth.change'>): Promise<User> {
    return this.users.changeProfile(actor, body);
  }

  @Route('auth.delete')
  async delete(actor: Actor, { body }: RouteInput<'auth.delete'>, exchange: Exchange): Promise<undefined> {
    await this.accounts.delete(actor, body.password);
    clearCookie(this.#cookie, exchange.response);
  }

  /**
   * Returns the actor of the request's access token, undefined without one. Throws as the verification of a bad token
   * does.
   */
  async #bearer({ request }: Exchange): Promise<Omit<Actor, 'requestId'> | undefined> {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return (await this.verifier.verify(token)).actor;
  }

  #device(exchange: Exchange, body: WithoutCookie): Device {
    const { request, clientAddress: address } = exchange;
    return {
      label: deviceLabel(request.headers['user-agent']),
      address,
      refreshTokens: this.#refreshTokens(exchange, body),
      deviceCookies: readCookie(this.#deviceCookie, request),
    };
  }

  #refreshTokens({ request }: Exchange, { refreshToken }: WithoutCookie): string[] {
    if (refreshToken === undefined) return readCookie(this.#cookie, request);
    return refreshToken === null ? [] : [refreshToken];
  }

  /** Returns the refresh token the way that the last one came: a script never gets one that was in a cookie. */
  #answer({ session, refreshToken, maxAgeMs, isNew }: Grant, exchange: Exchange, body: WithoutCookie): Session {
    exchange.setStatus(isNew ? 201 : 200);
    if (body.refreshToken !== undefined) return { ...session, refreshToken };
    writeCookie(this.#cookie, exchange.response, refreshToken, maxAgeMs);
    this.#rememberDevice(session.user, exchange);
    return session;
  }

  #rememberDevice({ username }: User, { request, response }: Exchange): void {
    if (username === undefined) return;
    const known = readCookie(this.#deviceCookie, request);
    const value = rememberDevice(this.secrets.refreshKey, known, usernameKey(username));
    if (value !== undefined) writeCookie(this.#deviceCookie, response, value, limits.deviceCookieMs);
  }
}
