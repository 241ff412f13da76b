import { hostname } from 'node:os';
import { request } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import * as fc from 'fast-check';
import { hostRefusal } from './known-hosts';
import { type EdgeNode, someId, startEdgeNode } from './testing/edge-node';

const env = { PUBLIC_URL: undefined, HOST: '127.0.0.1' };

describe('without PUBLIC_URL', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:3000',
    '192.168.1.7:3000',
    '203.0.113.9',
    '[::1]:3000',
    '[fe80::1]',
    '[2001:db8::1]:3000',
    'localhost',
    'LOCALHOST:3000',
    'localhost.',
    'nas',
    'nas:8080',
    'chat.local',
    'Chat.Local.:3000',
    'chat.lan',
    'chat.internal',
    'chat.home.arpa',
    'app.localhost',
    'cloudhop.test',
    'my.machine.example',
    hostname(),
  ])('the Host %s is taken', (host) => expect(hostRefusal(host, env, 'My.Machine.Example')).toBeUndefined());

  test.each([
    'evil.example',
    'evil.example:3000',
    'local.evil.example',
    'evil.example.',
    '127.0.0.1.evil.example',
    'evillocal.com',
    'home.arpa.evil.com',
    'localhost.evil.com',
    'rebind.network',
    'other.machine.example',
    'x/../y.z',
    'user@evil.example',
    'user:pass@localhost',
    'localhost/x',
    'localhost?evil.example',
    'localhost#evil.example',
    'evil.example\\@localhost',
    'a b',
    '',
  ])('the Host %j is refused, with the way out', (host) => {
    const refusal = hostRefusal(host, env, 'my.machine.example');
    expect(refusal?.toBody()).toMatchObject({ code: 'unknown_host', message: expect.stringContaining('PUBLIC_URL') });
  });

  test('no name that somebody can register is taken, whatever stands around it', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const suffix = fc.constantFrom('com', 'org', 'example', 'tw', 'dev', 'zip');
    const port = fc.constantFrom('', ':80', ':3000');
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), suffix, port, (labels, last, at) =>
        expect(hostRefusal(`${labels.join('.')}.${last}${at}`, env, 'machine')).toBeDefined(),
      ),
    );
  });
});

test('with PUBLIC_URL every Host is taken: origins are told by that', () =>
  expect(hostRefusal('evil.example', { ...env, PUBLIC_URL: 'https://chat.example.org' })).toBeUndefined());

describe('a request by a name that others can register', () => {
  let node: EdgeNode;
  const lines: unknown[] = [];
  const logger = Object.fromEntries(
    ['log', 'error', 'warn', 'debug', 'verbose'].map((level) => [level, (line: unknown) => void lines.push(line)]),
  ) as unknown as LoggerService;
  beforeAll(async () => (node = await startEdgeNode({ logger })));
  afterAll(() => node.close());

  function ask(path: string, host: string, headers: object = {}): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(`${node.url}${path}`, { headers: { host, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => resolve({ status: response.statusCode!, text }));
      });
      asked.once('error', reject);
      asked.end();
    });
  }

  test('is refused over REST, for the page and its files, before anything else is done', async () => {
    for (const path of ['/api/auth/me', '/api/nothing', '/api', '/api/docs', '/api/openapi.json']) {
      const { status, text } = await ask(path, 'rebind.example');
      expect([path, status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([
        path,
        421,
        'unknown_host',
      ]);
      expect(text).toContain('rebind.example');
    }
    for (const path of ['/', '/r/room', '/main.js', '/api-x']) {
      const { status, text } = await ask(path, 'rebind.example', { accept: 'text/html' });
      expect([path, status]).toEqual([path, 421]);
      expect(text).toMatch(/"rebind\.example".*PUBLIC_URL/);
    }
    expect((await ask('/', '<script>alert(1)</script>')).text).not.toContain('<');
  });

  test('is refused at the handshake with the same sentence, also of the own origin', async () => {
    const own = { host: 'rebind.example', origin: 'http://rebind.example' };
    expect((await node.refusal(someId, { extraHeaders: own })).message).toBe('websocket error');
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', origin: own.origin };
    const { text } = await ask('/socket.io/?EIO=4&transport=websocket', own.host, { ...upgrade, ...key });
    expect(text).toMatch(/"rebind\.example".*PUBLIC_URL/);
    expect(
      (await node.refusal(someId, { extraHeaders: { host: 'nas.local', origin: 'http://nas.local' } })).message,
    ).toBe('let in');
  });

  test('of health is answered, and the operator reads of the name once', async () => {
    expect((await ask('/api/health/live', 'rebind.example')).status).toBe(200);
    await ask('/', 'once.example');
    await ask('/', 'once.example');
    const told = lines.filter((line) => JSON.stringify(line).includes('once.example'));
    expect(told).toEqual([expect.objectContaining({ event: 'unknown_host', header: 'Host' })]);
  });
});
