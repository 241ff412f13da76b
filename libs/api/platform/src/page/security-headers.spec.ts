import { request } from 'node:http';
import { type EdgeNode, startEdgeNode } from '../testing/edge-node';

let node: EdgeNode;
beforeAll(async () => (node = await startEdgeNode()));
afterAll(() => node.close());

function policyFor(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(`${node.url}/api/health/live`, { headers: { host } }, (response) => {
      response.resume();
      resolve(String(response.headers['content-security-policy']));
    });
    asked.once('error', reject);
    asked.end();
  });
}

test.each(['chat.example.org', 'chat.example.org:8443', '192.168.1.7:3000', '[fe80::1]:3000'])(
  'the sockets of %s are its own',
  async (host) => {
    expect(await policyFor(host)).toContain(`connect-src 'self' ws://${host} wss://${host};`);
  },
);

test.each([
  "x; script-src 'unsafe-inline'",
  "x 'unsafe-inline'",
  'evil.example,good.example',
  '*',
  'x/../y',
  'user@evil.example',
  'x\ty',
])('a Host that is none (%s) adds nothing to the policy', async (host) => {
  const policy = await policyFor(host);
  expect(policy).toContain("connect-src 'self' 'self';");
  expect(policy.match(/script-src/g)).toHaveLength(1);
  expect(policy).not.toContain('evil');
});

test('over https only this host is bound to https, never its siblings below the same domain', async () => {
  const secure = await startEdgeNode({ env: { PUBLIC_URL: 'https://chat.example.org' } });
  const { headers } = await fetch(`${secure.url}/api/health/live`);
  await secure.close();
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  expect((await fetch(`${node.url}/api/health/live`)).headers.has('strict-transport-security')).toBe(false);
});
