import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@cloudhop/api/platform';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type RequestName, type RouteName, requests, routes } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { RoomsOf, asked } from './testing/rooms';
import { type Visitor, aVisitor } from './testing/visitor';

/** Text that Postgres can't keep, in every place of every route and request that takes text. */

const database = testDatabase();
let api: ApiProcess;
let folder: string;
let visitor: Visitor;
/** A value that works, by the name of the field. */
let values: Record<string, unknown>;
const { aMember, aRoom } = new RoomsOf(() => api);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-text-'));
  const paced = Object.keys(limits).filter((name) => name.endsWith('PerMinute'));
  const roomy = { requestsPerSecond: 100_000, freeAddressLogInTries: 100_000 };
  for (const name of paced) Object.assign(roomy, { [name]: 100_000 });
  writeFileSync(join(folder, 'limits.json'), JSON.stringify(roomy));
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: join(folder, 'limits.json') } });
  const { user, token } = await aMember();
  visitor = await aVisitor(api.url, { user, accessToken: token, expiresAt: '' }, { isLasting: true });
  const room = await aRoom(visitor);
  const messageId = uuidv7();
  await visitor.request('message:send', { conversationId: room.id, id: messageId, body: 'hello' });
  const invite = await asked<{ invite: { id: string } }>(visitor, 'POST', `/rooms/${room.id}/invites`);
  values = {
    id: room.id,
    conversationId: room.id,
    offScreen: room.id,
    slug: room.id,
    messageId,
    replyTo: messageId,
    userId: visitor.user.id,
    inviteId: invite.json.invite.id,
    editId: uuidv7(),
    emoji: '🎉',
    body: 'hello',
    invite: 'x'.repeat(22),
    token: visitor.token,
    username: 'nobody',
    note: 'hello',
    epoch: 'x',
    cursor: visitor.user.id,
    q: 'hello',
    at: '2026-01-01T00:00:00Z',
    on: true,
    isForwarded: true,
    users: [{ id: visitor.user.id }],
    conversations: [{ conversationId: room.id, rev: 0 }],
  };
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unkeepable = ['nul \0', 'half \ud83d'];
const dashes = '-'.repeat(36);
/** Matches what looks like an id, also in the cursors that hold one. */
const noIds = [dashes, `2026-01-01T00:00:00.000Z_${dashes}`, `0.0.0.${dashes}`];

/** Copies of a value, each with another of its strings replaced. */
function* replaced(value: unknown, text: string): Generator<unknown> {
  if (typeof value === 'string') yield text;
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value))
      for (const other of replaced(each, text))
        yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
}

/** The fields of a schema, also behind a refinement. */
const fieldsOf = (schema: z.ZodType): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

const requestCases = (text: string): [RequestName, object][] =>
  (Object.keys(requests) as RequestName[]).flatMap((name) => {
    const fields = fieldsOf(requests[name].payload).filter((field) => field in values);
    const whole = Object.fromEntries(fields.map((field) => [field, values[field]]));
    return [...replaced(whole, text)].map((payload): [RequestName, object] => [name, payload as object]);
  });

test.each([...unkeepable, dashes])(
  'no request of a socket fails over %j',
  async (text) => {
    const cases = requestCases(text);
    expect(new Set(cases.map(([name]) => name)).size).toBeGreaterThan(20);
    for (const [name, payload] of cases) {
      const reply = await visitor.raw(name, payload);
      const code = reply.ok ? 'ok' : reply.error.code;
      expect({ name, payload, code }).not.toMatchObject({ code: 'internal' });
      if (noIds.includes(text)) continue;
      expect({ name, payload, code, fields: reply.ok ? {} : reply.error.fields }).toMatchObject({
        code: expect.stringMatching(/^(invalid|invalid_text)$/),
        fields: expect.any(Object),
      });
    }
    expect(visitor.socket.connected).toBe(true);
  },
  60_000,
);

interface RouteCase {
  name: RouteName;
  target: string;
  body?: unknown;
}

/** Encodes a text for a URL. A lone surrogate has no valid encoding, so it gets the invalid one that programs write. */
const inAddress = (text: string) =>
  encodeURIComponent(text.replace('\ud83d', '')) + (text.isWellFormed() ? '' : '%ED%A0%BD');

function routeCases(text: string): RouteCase[] {
  return (Object.keys(routes) as RouteName[]).flatMap((name) => {
    const { path, params, query, body, method, ...row } = routes[name];
    const address = (bad?: string) =>
      path.replace(/\{(\w+)\}/g, (_, field: string) => (field === bad ? inAddress(text) : String(values[field])));
    const example = 'example' in row ? row.example : undefined;
    const bodies = [
      ...replaced(example, text),
      ...fieldsOf(body).map((field) => ({ ...(example as object | undefined), [field]: text })),
    ];
    return [
      ...fieldsOf(params).map((field) => ({
        name,
        target: address(field),
        ...(method !== 'GET' && { body: example ?? {} }),
      })),
      ...fieldsOf(query).map((field) => {
        const whole = new URLSearchParams(
          field !== 'q' && 'q' in values && fieldsOf(query).includes('q') ? { q: 'x' } : {},
        );
        return { name, target: `${address()}?${whole}&${field}=${inAddress(text)}` };
      }),
      ...(method === 'GET' ? [] : bodies.map((sent) => ({ name, target: address(), body: sent }))),
    ];
  });
}

test.each([...unkeepable, ...noIds, 'bytes \ufffd'])(
  'no route fails over %j',
  async (text) => {
    const cases = routeCases(text);
    expect(new Set(cases.map(({ name }) => name)).size).toBeGreaterThan(35);
    for (const { name, target, body } of cases) {
      // Only URLs can carry bytes that are not UTF-8.
      const address = text.includes('\ufffd') ? target.replaceAll('%EF%BF%BD', '%ff') : target;
      const response = await visitor.rest(routes[name].method, address, body);
      const answer = await response.text();
      const { status } = response;
      expect({ name, address, body, status, answer, isFine: status < 500 }).toMatchObject({ isFine: true });
      if (!text.isWellFormed() || text.includes('\0') || address.includes('%ff'))
        expect({ name, address, body, status, answer: JSON.parse(answer) }).toMatchObject({
          status: 400,
          answer: { error: { code: expect.stringMatching(/^(invalid|invalid_text)$/), fields: expect.any(Object) } },
        });
    }
  },
  60_000,
);
