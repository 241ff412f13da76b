import { Scope } from '@cloudhop/contracts';
import { tokenExample } from './token-example';

const where = { origin: 'https://chat.example', secret: 'chp_secret', room: '週末爬山' };

describe('tokenExample', () => {
  it('posts if the token may write', () => {
    expect(tokenExample(['rooms:read', 'messages:write'], where)).toBe(
      [
        `curl -X POST 'https://chat.example/api/rooms/%E9%80%B1%E6%9C%AB%E7%88%AC%E5%B1%B1/messages' \\`,
        `  -H 'Authorization: Bearer chp_secret' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d '{"body":"Hello from a script"}'`,
      ].join('\n'),
    );
  });

  it('has an example for each single scope', () => {
    const paths = Scope.options.map(
      (scope) => /'(?:\S*)\/api(\S*)'/.exec(tokenExample([scope], { ...where, room: 'r' }))?.[1],
    );
    expect(Object.fromEntries(Scope.options.map((scope, index) => [scope, paths[index]]))).toEqual({
      'rooms:read': '/rooms',
      'rooms:write': '/rooms',
      'rooms:manage': '/rooms/r',
      'messages:read': '/search?q=hello',
      'messages:write': '/rooms/r/messages',
    });
  });
});
