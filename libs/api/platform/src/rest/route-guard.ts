import { routes, routeWork, type RouteName } from '@cloudhop/contracts';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Actor } from '../actor';
import { AdmissionService } from '../admission/admission.service';
import { DomainError } from '../domain-error';
import { ENV, type Env } from '../env';
import { isForeignOrigin } from '../origin';
import { logRefusedHeader } from '../refused-headers';
import { OverloadGuard } from '../overload-guard';
import { TokenVerifier, apiTokenPrefix } from '../token-verifier';
import { type RequestMark, markOf } from './request-mark';
import { RestLimits } from './rest-limits';

export const routeNameKey = Symbol('routeName');

/** Decides, before a route's handler: from our own site, as JSON, by whom, not too often. */
@Injectable()
export class RouteGuard implements CanActivate {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly verifier: TokenVerifier,
    private readonly limits: RestLimits,
    private readonly admission: AdmissionService,
    private readonly overload: OverloadGuard,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const name = Reflect.getMetadata(routeNameKey, context.getHandler()) as RouteName;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const mark = markOf(request);
    mark.route = name;
    const { method, security } = routes[name];
    const work = routeWork(name);
    if (work !== 'probe') this.overload.admit(work === 'write' && security === 'none' ? 'connect' : work);
    if (method !== 'GET') this.#requireSafeWrite(request);
    if (security === 'bearer') {
      const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined) throw new DomainError('unauthenticated');
      mark.actor = { ...(await this.#actorOf(name, request, token)), requestId: mark.requestId };
    }
    await this.limits.admitRoute(name, mark, response);
    await this.#admit(name, request, mark);
    return true;
  }

  /** Waits until the request may begin. */
  async #admit(name: RouteName, request: Request, mark: RequestMark): Promise<void> {
    const work = routeWork(name);
    if (work === 'probe') return;
    const { address, actor } = mark;
    const asker = { address, userId: actor?.userId, isGone: () => request.socket.destroyed };
    const permit = await this.admission.admit(asker, work);
    // Nobody reads the answer.
    if (!permit) throw new DomainError('unavailable');
    mark.permit = permit;
  }

  /** Returns the actor of the token. API tokens are refused on routes without a scope. */
  async #actorOf(name: RouteName, request: Request, token: string): Promise<Omit<Actor, 'requestId'>> {
    if (!token.startsWith(apiTokenPrefix)) return (await this.verifier.verifyRequest(request)).actor;
    const { actor, scopes } = await this.verifier.verifyApiToken(token);
    const { scope } = routes[name];
    if (scope === undefined || !scopes.includes(scope)) throw new DomainError('scope_missing');
    return actor;
  }

  /** A form or an image of another site can send cookies, but neither this content type, nor a DELETE, nor our Origin. */
  #requireSafeWrite(request: Request): void {
    if (isForeignOrigin(request.headers.origin, request.headers.host, this.env.PUBLIC_URL)) {
      logRefusedHeader('Origin', request.headers, this.env.PUBLIC_URL);
      throw new DomainError('foreign_origin');
    }
    if (request.method === 'DELETE') return;
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') throw new DomainError('unsupported_media_type');
  }
}
