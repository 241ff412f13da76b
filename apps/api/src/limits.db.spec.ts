import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { aVisitor } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-limits-'));
const overrides = { retentionMinMs: 1_000, historyPage: 3, openPage: 2, syncConversations: 1 };
let api: ApiProcess;

beforeAll(async () => {
  const LIMITS_FILE = join(folder, 'limits.json');
  writeFileSync(LIMITS_FILE, JSON.stringify(overrides));
  const WEB_DIR = join(folder, 'web');
  mkdirSync(WEB_DIR);
  writeFileSync(join(WEB_DIR, 'index.html'), '<html><head></head><body></body></html>');
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE, WEB_DIR } });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('R11: a room may keep its messages as short as LIMITS_FILE says, and no shorter', async () => {
  const owner = await aVisitor(api.url);
  const made = await owner.rest('POST', '/rooms', { name: 'Brief' });
  const { id } = (await made.json()) as { id: string };
  const keep = async (retentionMs: number) => (await owner.rest('PATCH', `/rooms/${id}`, { retentionMs })).status;
  expect([await keep(5_000), await keep(999)]).toEqual([200, 400]);
});

test('R11: requests of the socket have the overridden bounds too', async () => {
  const visitor = await aVisitor(api.url);
  const { lobbyId: conversationId } = visitor;
  const page = (limit: number) => visitor.request('conversation:history', { conversationId, limit });
  expect(await page(3)).toMatchObject({ ok: true });
  expect(await page(4)).toMatchObject({ ok: false, error: { code: 'invalid' } });
  const conversations = Array.from({ length: 2 }, () => ({ conversationId, rev: 0 }));
  expect(await visitor.request('feed:sync', { conversations })).toMatchObject({ ok: false });
});

test('R11: OpenAPI shows the overridden bounds, and the page comes with them', async () => {
  const document = await (await fetch(`${api.url}/api/openapi.json`)).text();
  expect(document).toContain('"minimum":1000,');
  const page = await (await fetch(api.url, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain(`<meta name="cloudhop-limits" content='{`);
  const content = /content='([^']+)'/.exec(page)![1]!;
  expect(JSON.parse(content)).toEqual(overrides);
});
