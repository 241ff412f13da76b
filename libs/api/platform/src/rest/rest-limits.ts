import type { RouteName } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { addressKey } from '../client-address';
import { limits } from '../limits';
import { rateLimited } from '../rate-limited';
import type { RequestMark } from './request-mark';

const windowS = 60;
const perMinute = (points: number) => new RateLimiterMemory({ points, duration: windowS });

interface Rule {
  per: 'address' | 'user';
  limiter: RateLimiterMemory;
}

/** Sets the RateLimit headers. If several limits apply, they show the one with the fewest remaining points. */
function setHeaders(response: Response, limit: number, standing: RateLimiterRes): void {
  const shown = response.getHeader('RateLimit-Remaining');
  if (typeof shown === 'string' && Number(shown) <= standing.remainingPoints) return;
  response.setHeader('RateLimit-Limit', String(limit));
  response.setHeader('RateLimit-Remaining', String(standing.remainingPoints));
  response.setHeader('RateLimit-Reset', String(Math.ceil(standing.msBeforeNext / 1000)));
}

async function consume(limiter: RateLimiterMemory, key: string, response: Response): Promise<void> {
  await rateLimited(limiter, key, 1, (standing) => setHeaders(response, limiter.points, standing));
}

/** Rate limits of REST by address and by user. Counted in this process: n nodes allow n times as much. */
@Injectable()
export class RestLimits {
  readonly #address = perMinute(limits.addressRequestsPerMinute);
  readonly #user = perMinute(limits.userRequestsPerMinute);
  readonly #rules: Partial<Record<RouteName, Rule>>;

  constructor() {
    const refreshes = perMinute(limits.refreshesPerMinute);
    const profiles = perMinute(limits.profilesPerMinute);
    const roomChanges: Rule = { per: 'user', limiter: perMinute(limits.roomChangesPerMinute) };
    const sends: Rule = { per: 'user', limiter: perMinute(limits.restSendsPerMinute) };
    const groupChanges: Rule = { per: 'user', limiter: perMinute(limits.groupChangesPerMinute) };
    this.#rules = {
      'auth.guest': { per: 'address', limiter: perMinute(limits.guestsPerMinute) },
      'auth.refresh': { per: 'address', limiter: refreshes },
      'auth.logout': { per: 'address', limiter: refreshes },
      'auth.register': { per: 'address', limiter: perMinute(limits.signInsPerMinute) },
      'auth.recoveryCodes': { per: 'user', limiter: perMinute(limits.renamesPerMinute) },
      'auth.change': { per: 'user', limiter: perMinute(limits.renamesPerMinute) },
      'auth.delete': { per: 'user', limiter: perMinute(limits.renamesPerMinute) },
      'users.find': { per: 'user', limiter: profiles },
      'users.profile': { per: 'user', limiter: profiles },
      'conversations.direct': { per: 'user', limiter: perMinute(limits.directsPerMinute) },
      'groups.create': groupChanges,
      'groups.change': groupChanges,
      'groups.add': groupChanges,
      'groups.remove': groupChanges,
      'groups.join': groupChanges,
      'groups.leave': groupChanges,
      'groups.handOver': groupChanges,
      'rooms.create': roomChanges,
      'rooms.change': roomChanges,
      'rooms.join': roomChanges,
      'rooms.leave': roomChanges,
      'rooms.invite': roomChanges,
      'rooms.changeMember': roomChanges,
      'rooms.removeMember': roomChanges,
      'rooms.handOver': roomChanges,
      'rooms.createInvite': roomChanges,
      'rooms.revokeInvite': roomChanges,
      'tokens.create': { per: 'user', limiter: perMinute(limits.renamesPerMinute) },
      'messages.send': sends,
      'rooms.send': sends,
      'messages.edit': sends,
      'messages.delete': sends,
      'messages.react': sends,
      'messages.pin': sends,
      'messages.search': { per: 'user', limiter: perMinute(limits.searchesPerMinute) },
    };
  }

  /** Counts any request below /api. Throws rate_limited. */
  async admitAddress(mark: RequestMark, response: Response): Promise<void> {
    await consume(this.#address, addressKey(mark.address), response);
  }

  /** Counts a request of a known route, and of its actor if it has one. Throws rate_limited. */
  async admitRoute(name: RouteName, mark: RequestMark, response: Response): Promise<void> {
    if (mark.actor) await consume(this.#user, mark.actor.userId, response);
    const rule = this.#rules[name];
    if (!rule) return;
    await consume(
      rule.limiter,
      rule.per === 'user' && mark.actor ? mark.actor.userId : addressKey(mark.address),
      response,
    );
  }
}
