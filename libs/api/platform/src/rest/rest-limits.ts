import type { RouteName } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { addressKey } from '../client-address';
import { limits } from '../limits';
import { type RateLimiter, RateLimits, type RateStanding } from '../rate-limits/rate-limits';
import type { RequestMark } from './request-mark';

interface Rule {
  per: 'address' | 'user';
  limiter: RateLimiter;
}

/** Sets the RateLimit headers. If several limits apply, they show the one with the fewest remaining points. */
function setHeaders(response: Response, standing: RateStanding): void {
  const shown = response.getHeader('RateLimit-Remaining');
  if (typeof shown === 'string' && Number(shown) <= standing.remainingPoints) return;
  response.setHeader('RateLimit-Limit', String(standing.limit));
  response.setHeader('RateLimit-Remaining', String(standing.remainingPoints));
  response.setHeader('RateLimit-Reset', String(Math.ceil(standing.msBeforeNext / 1000)));
}

async function consume(limiter: RateLimiter, key: string, response: Response): Promise<void> {
  await limiter.consume(key, 1, (standing) => setHeaders(response, standing));
}

/** Rate limits of REST by address and by user, which all nodes share. */
@Injectable()
export class RestLimits {
  readonly #address: RateLimiter;
  readonly #user: RateLimiter;
  readonly #rules: Partial<Record<RouteName, Rule>>;

  constructor(rateLimits: RateLimits) {
    const perMinute = (name: string, points: number) => rateLimits.perMinute(name, points);
    this.#address = perMinute('address', limits.addressRequestsPerMinute);
    this.#user = perMinute('user', limits.userRequestsPerMinute);
    const refreshes = perMinute('refreshes', limits.refreshesPerMinute);
    const profiles = perMinute('profiles', limits.profilesPerMinute);
    const roomChanges: Rule = { per: 'user', limiter: perMinute('room-changes', limits.roomChangesPerMinute) };
    const sends: Rule = { per: 'user', limiter: perMinute('sends', limits.restSendsPerMinute) };
    const groupChanges: Rule = { per: 'user', limiter: perMinute('group-changes', limits.groupChangesPerMinute) };
    this.#rules = {
      'auth.guest': { per: 'address', limiter: perMinute('guests', limits.guestsPerMinute) },
      'auth.refresh': { per: 'address', limiter: refreshes },
      'auth.logout': { per: 'address', limiter: refreshes },
      'auth.register': { per: 'address', limiter: perMinute('registrations', limits.signInsPerMinute) },
      'auth.recoveryCodes': { per: 'user', limiter: perMinute('recovery-codes', limits.renamesPerMinute) },
      'auth.change': { per: 'user', limiter: perMinute('renames', limits.renamesPerMinute) },
      'auth.delete': { per: 'user', limiter: perMinute('deletions', limits.renamesPerMinute) },
      'users.find': { per: 'user', limiter: profiles },
      'users.profile': { per: 'user', limiter: profiles },
      'conversations.direct': { per: 'user', limiter: perMinute('directs', limits.directsPerMinute) },
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
      'tokens.create': { per: 'user', limiter: perMinute('tokens', limits.renamesPerMinute) },
      'messages.send': sends,
      'rooms.send': sends,
      'messages.edit': sends,
      'messages.delete': sends,
      'messages.react': sends,
      'messages.pin': sends,
      'messages.search': { per: 'user', limiter: perMinute('searches', limits.searchesPerMinute) },
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
