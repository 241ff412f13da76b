import type { Session, User } from '@cloudhop/contracts';
import { type Actor, type Env, ENV, type Exchange, Route, type RouteInput } from '@cloudhop/api/core';
import { Controller, Inject } from '@nestjs/common';
import { clearCookie, type CookieShape, cookieShape, readCookie, writeCookie } from './refresh-cookie';
import { type Grant, Sessions } from './sessions.service';
import { Users } from './users.service';

@Controller()
export class AuthController {
  readonly #cookie: CookieShape;

  constructor(
    @Inject(ENV) env: Env,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Users) private readonly users: Users,
  ) {
    this.#cookie = cookieShape(env.PUBLIC_URL);
  }

  @Route('auth.guest')
  async guest(_actor: undefined, { body }: RouteInput<'auth.guest'>, exchange: Exchange): Promise<Session> {
    return this.#answer(await this.sessions.enter(this.#cookies(exchange), body.displayName), exchange);
  }

  @Route('auth.refresh')
  async refresh(_actor: undefined, _input: RouteInput<'auth.refresh'>, exchange: Exchange): Promise<Session> {
    return this.#answer(await this.sessions.refresh(this.#cookies(exchange)), exchange);
  }

  @Route('auth.logout')
  async logOut(_actor: undefined, _input: RouteInput<'auth.logout'>, exchange: Exchange): Promise<undefined> {
    await this.sessions.logOut(this.#cookies(exchange));
    clearCookie(this.#cookie, exchange.response);
  }

  @Route('auth.me')
  me(actor: Actor): Promise<User> {
    return this.users.require(actor.userId);
  }

  @Route('auth.rename')
  rename(actor: Actor, { body }: RouteInput<'auth.rename'>): Promise<User> {
    return this.users.rename(actor, body.displayName);
  }

  #cookies({ request }: Exchange): string[] {
    return readCookie(this.#cookie, request);
  }

  #answer({ session, refreshToken, maxAgeMs, isNew }: Grant, exchange: Exchange): Session {
    writeCookie(this.#cookie, exchange.response, refreshToken, maxAgeMs);
    exchange.setStatus(isNew ? 201 : 200);
    return session;
  }
}
