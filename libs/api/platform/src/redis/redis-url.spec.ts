import * as fc from 'fast-check';
import { describeRedis, parseRedisUrl } from './redis-url';

describe('REDIS_URL', () => {
  it.each([
    ['redis://localhost', { kind: 'server', hosts: [{ host: 'localhost', port: 6379 }], isTls: false, db: 0 }],
    [
      'rediss://ann:p%40ss%3A@redis.example:6380/2',
      {
        kind: 'server',
        hosts: [{ host: 'redis.example', port: 6380 }],
        isTls: true,
        username: 'ann',
        password: 'p@ss:',
        db: 2,
      },
    ],
    [
      'redis://:secret@[::1]:6379',
      { kind: 'server', hosts: [{ host: '::1', port: 6379 }], isTls: false, password: 'secret', db: 0 },
    ],
    [
      'redis-sentinel://:secret@a:26379,b/main',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_379 },
        ],
        isTls: false,
        password: 'secret',
        primaryName: 'main',
        db: 0,
      },
    ],
    [
      'rediss-cluster://a,b:7000',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7000 },
        ],
        isTls: true,
        db: 0,
      },
    ],
  ])('%s', (text, expected) => expect(parseRedisUrl(text)).toEqual(expected));

  it.each([
    ['http://localhost', /redis:\/\//],
    ['redis://', /redis:\/\//],
    ['redis://a,b', /several hosts/],
    ['redis://a:99999', /99999/],
    ['redis://a/first', /first/],
    ['redis-sentinel://a,b', /no primary/],
    ['redis-cluster://a/1', /only one/],
    ['redis://100%@a', /%25/],
    ['redis://a,,b', /several hosts|none/],
    ['redis-cluster://a,,b', /none/],
  ])('%s is refused', (text, message) => expect(() => parseRedisUrl(text)).toThrow(message));

  it('keeps any password, and never shows it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (password) => {
        const config = parseRedisUrl(`redis://u:${encodeURIComponent(password)}@host`);
        expect(config.password).toBe(password);
        expect(describeRedis(config)).toBe('redis://host:6379');
      }),
    );
  });
});
