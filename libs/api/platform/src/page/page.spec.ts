import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EdgeNode, startEdgeNode } from '../testing/edge-node';

let node: EdgeNode;
let secure: EdgeNode;
let folder: string;

const script = `console.log(1);${'// long enough to be worth compressing\n'.repeat(100)}`;
const page = { accept: 'text/html,application/xhtml+xml' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-page-'));
  const webDir = join(folder, 'browser');
  mkdirSync(join(webDir, 'icons'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(webDir, '.env'), 'hidden');
  writeFileSync(
    join(webDir, 'index.html'),
    `<app-root ngCspNonce="CSP_NONCE"></app-root>${'<!-- page -->'.repeat(200)}`,
  );
  for (const name of [
    'main-AB12CD34.js',
    'chunk-D0-rz_1Y.js',
    'first-paint.js',
    'manifest.webmanifest',
    'icons/icon-maskable.png',
  ])
    writeFileSync(join(webDir, name), script);
  node = await startEdgeNode({ env: { WEB_DIR: webDir } });
  secure = await startEdgeNode({ env: { WEB_DIR: webDir, PUBLIC_URL: 'https://chat.example.org' } });
});
afterAll(async () => {
  for (const each of [node, secure]) {
    // Answers whose bodies nobody read keep their connections.
    each.app.getHttpServer().closeAllConnections();
    await each.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}, from = node) =>
  fetch(`${from.url}${path}`, { headers, redirect: 'manual' });

test('every address of the page is the page, with a nonce that is fresh and the same in header and text', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/lobby', '/rooms/a%20room', '/index.html', '/a/b/c?x=1', '/u/momo.lin']) {
    const response = await get(path, page);
    const nonce = /nonce-([^']+)'/.exec(response.headers.get('content-security-policy')!)![1]!;
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await response.text()).toContain(`ngCspNonce="${nonce}"`);
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(6);
});

test('a program that asks for the root gets the page too; elsewhere it must want html', async () => {
  expect((await get('/', { accept: '*/*' })).status).toBe(200);
  expect((await get('/lobby', { accept: '*/*' })).status).toBe(404);
});

test('what the build named by its content may be kept for ever, and nothing else', async () => {
  for (const path of ['/main-AB12CD34.js', '/chunk-D0-rz_1Y.js'])
    expect((await get(path)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  for (const path of ['/first-paint.js', '/manifest.webmanifest', '/icons/icon-maskable.png'])
    expect((await get(path)).headers.get('cache-control')).toBe('no-cache');
});

test('a file that is missing is a 404 and never the page, also for a browser that asks for html', async () => {
  for (const path of ['/main-OLDOLD00.js', '/gone.css', '/icons/gone.png', '/favicon.ico']) {
    const response = await get(path, page);
    expect([path, response.status, response.headers.get('content-type')]).toEqual([
      path,
      404,
      expect.stringContaining('application/json'),
    ]);
  }
  expect((await get('/lobby', { accept: '*/*' })).status).toBe(404);
});

test('nothing outside the folder, and nothing hidden in it, is served', async () => {
  for (const path of [
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/icons/..%2f..%2fsecret.txt',
    '/.env',
    '/icons/',
    '/%00.js',
    '/%ff.js',
  ]) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.text()).not.toMatch(/outside|hidden/);
  }
});

test('only who reads gets the page', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await fetch(`${node.url}/index.html`, { method, headers: page });
    expect([method, response.status]).toEqual([method, 404]);
  }
  const head = await fetch(node.url, { method: 'HEAD', headers: page });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('the page and its files are compressed', async () => {
  for (const [path, headers] of [
    ['/', page],
    ['/main-AB12CD34.js', {}],
    ['/api/openapi.json', {}],
  ] as const) {
    const response = await get(path, { ...headers, 'accept-encoding': 'gzip' });
    expect([path, response.headers.get('content-encoding')]).toEqual([path, 'gzip']);
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
  }
});

test('a path below /api or /socket.io is never the page', async () => {
  expect((await get('/api/nothing', page)).status).toBe(404);
  expect(await (await get('/api/nothing', page)).json()).toMatchObject({ error: { code: 'not_found' } });
  expect((await get('/socket.io/?EIO=4&transport=polling', page)).status).toBe(400);
});

test('the policy of the page is exactly this', async () => {
  const host = new URL(node.url).host;
  const policy = (await get('/', page)).headers.get('content-security-policy')!;
  expect(policy.replace(/nonce-[^']+/g, 'nonce-N').split(';')).toEqual([
    "default-src 'self'",
    "script-src 'self' 'nonce-N'",
    "style-src 'self' 'nonce-N'",
    "img-src 'self' blob: data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]);
});

test('every answer says who may frame it, what it leaks and what it may use', async () => {
  for (const path of ['/', '/main-AB12CD34.js', '/api/health/live', '/api/nothing', '/api/docs']) {
    const { headers } = await get(path, path === '/' ? page : {});
    expect([path, Object.fromEntries(headers)]).toEqual([
      path,
      expect.objectContaining({
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'permissions-policy': 'microphone=(self), camera=(self)',
        'x-request-id': expect.any(String),
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      }),
    ]);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('only over https is a browser told to insist on https', async () => {
  const [plain, https] = [(await get('/', page)).headers, (await get('/', page, secure)).headers];
  const said = (headers: Headers) => [
    headers.has('strict-transport-security'),
    headers.get('content-security-policy')!.includes('upgrade-insecure-requests'),
    headers.has('cross-origin-opener-policy'),
    headers.has('origin-agent-cluster'),
  ];
  expect(said(plain)).toEqual([false, false, false, false]);
  expect(said(https)).toEqual([true, true, true, true]);
});

test('the documentation loads under its own policy: only files of ours run', async () => {
  const response = await get('/api/docs', page);
  const html = await response.text();
  const policy = response.headers.get('content-security-policy')!;
  expect(response.status).toBe(200);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none'");
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, inline] of scripts) {
    expect(inline!.trim()).toBe('');
    const source = /src="([^"]+)"/.exec(attributes!)![1]!;
    const file = await fetch(new URL(source, `${node.url}/api/docs`));
    expect([source, file.status, file.headers.get('content-type')]).toEqual([
      source,
      200,
      expect.stringContaining('javascript'),
    ]);
  }
  expect(html).not.toMatch(/https?:\/\/(?!localhost)[^"']*\.(js|css)/);
});
