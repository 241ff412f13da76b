import { DomainError, type LimitScript, type LimitStore, limits } from '@cloudhop/api/platform';
import { maxWrongNames, triesTtlMs } from './local-tries';
import type { CountedTry, FreeTries, TryKeys } from './log-in-tries';

/**
 * KEYS: the own counter; of a stranger also those of the name, and the wrong names of the address.
 * ARGV: the time to live, then for each counter its free tries and its maximum wait.
 * Returns the wait, or 0, the number of wrong names, and until when each counter has to wait. Reads the clock of Redis,
 * as those of the nodes differ.
 */
const beginTry: LimitScript = {
  name: 'cloudhopBeginTry',
  lua: `
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local counters = math.min(#KEYS, 2)
    local wait = 0
    for i = 1, counters do
      local left = tonumber(redis.call('HGET', KEYS[i], 'until') or 0) - now
      wait = math.max(wait, math.min(left, tonumber(ARGV[2 * i + 1])))
    end
    if wait > 0 then return { wait } end
    local reply = { 0, #KEYS > 2 and redis.call('SCARD', KEYS[3]) or 0 }
    for i = 1, counters do
      local paid = redis.call('HINCRBY', KEYS[i], 'count', 1) - ARGV[2 * i]
      local ends = now
      if paid >= 0 then ends = now + math.min(1000 * 2 ^ math.min(paid, 30), tonumber(ARGV[2 * i + 1])) end
      redis.call('HSET', KEYS[i], 'until', string.format('%.0f', ends))
      redis.call('PEXPIRE', KEYS[i], ARGV[1])
      reply[i + 2] = ends
    end
    return reply`,
};

/**
 * KEYS: as above. ARGV: the outcome, the name's digest, the time to live, the maximum of wrong names, and until when
 * each counter has to wait because of this try. Returns nothing of interest.
 */
const endTry: LimitScript = {
  name: 'cloudhopEndTry',
  lua: `
    if ARGV[1] == 'wrong' then
      if #KEYS > 2 then
        if redis.call('SCARD', KEYS[3]) < tonumber(ARGV[4]) then redis.call('SADD', KEYS[3], ARGV[2]) end
        redis.call('PEXPIRE', KEYS[3], ARGV[3])
      end
      return {}
    end
    local tries = 1
    if ARGV[1] == 'right' then tries = tonumber(redis.call('HGET', KEYS[1], 'count') or 0) end
    for i = 1, math.min(#KEYS, 2) do
      local count = redis.call('HGET', KEYS[i], 'count')
      if count then
        if count - tries <= 0 then
          redis.call('DEL', KEYS[i])
        else
          redis.call('HINCRBY', KEYS[i], 'count', -tries)
          if redis.call('HGET', KEYS[i], 'until') == ARGV[i + 4] then redis.call('HSET', KEYS[i], 'until', '0') end
        end
      end
    end
    if #KEYS > 2 and ARGV[1] == 'right' then redis.call('SREM', KEYS[3], ARGV[2]) end
    return {}`,
};

/** Tries in Redis, which all nodes share. Neither method waits or fails while Redis is away. */
export class RedisTries {
  constructor(private readonly store: LimitStore) {}

  /** Counts a try. Returns undefined if Redis is away. Throws rate_limited if it has to wait. */
  async begin({ own, stranger }: TryKeys, free: FreeTries): Promise<CountedTry | undefined> {
    const maxWaitMs = stranger ? Math.max(limits.logInWaitMs, limits.nameLogInWaitMs) : limits.logInWaitMs;
    const keysOf: Parameters<LimitStore['run']>[1] = (keys) =>
      stranger === undefined
        ? [keys.tries(own)]
        : [keys.tries(own), keys.tries(stranger.name), keys.wrongNames(stranger.address)];
    const rules = [free.own, limits.logInWaitMs, free.name, limits.nameLogInWaitMs];
    const reply = await this.store.run(beginTry, keysOf, [triesTtlMs, ...rules]);
    if (reply === undefined) return undefined;
    const [waitMs = 0, wrongNames = 0, ...waitsUntil] = reply;
    if (waitMs > 0) throw new DomainError('rate_limited', { retryAfterMs: Math.min(waitMs, maxWaitMs) });
    return {
      wrongNames,
      end: async (outcome) => {
        const name = stranger?.name ?? '';
        await this.store.run(endTry, keysOf, [outcome, name, triesTtlMs, maxWrongNames, ...waitsUntil]);
      },
    };
  }
}
