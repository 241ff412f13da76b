import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { aVisitor, until } from './testing/visitor';

const database = testDatabase();
let api: ApiProcess;

beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url, env: { LOG_LEVEL: 'trace', METRICS_PORT: '0' } });
}, 30_000);

interface Line {
  event?: string;
  [field: string]: unknown;
}
const lines = (): Line[] =>
  api.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

test('no text, name, token or cookie is in the log, at its loudest, whatever went wrong', async () => {
  const secrets = [
    'first-words',
    'second-words',
    'broken-words',
    'long-words',
    'Somebody-Known',
    'forged-token',
    'asked-for',
  ];
  const [said, edited, broken, long, name, forged, asked] = secrets as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const signedIn = await fetch(`${api.url}/api/auth/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: name }),
  });
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  const session = (await signedIn.json()) as Awaited<Parameters<typeof aVisitor>[1]>;
  const visitor = await aVisitor(api.url, session);
  const path = `/conversations/${visitor.lobbyId}/messages`;
  const id = uuidv7();

  expect(await visitor.send(said, id)).toMatchObject({ ok: true });
  const edit = { conversationId: visitor.lobbyId, id, body: edited, editId: uuidv7() };
  expect(await visitor.raw('message:edit', edit)).toMatchObject({ ok: true });
  expect(await visitor.raw('message:send', { body: broken, [broken]: broken })).toMatchObject({ ok: false });
  expect(await visitor.raw('session:renew', { token: forged })).toMatchObject({ ok: false });
  const statuses = [
    await visitor.rest('POST', path, { body: said }, { 'x-request-id': 'followed-by-the-proxy' }),
    await visitor.rest('POST', path, `{"body": ${broken}`),
    await visitor.rest('POST', path, { body: `${broken}\u0000` }),
    await visitor.rest('POST', path, { body: long.repeat(10_000) }),
    await visitor.rest('GET', `${path}?before=${asked}`),
    await visitor.rest('GET', `/${asked}?q=${asked}`),
    await visitor.rest('GET', '/auth/me', undefined, { authorization: `Bearer ${forged}` }),
    await visitor.rest('POST', '/auth/refresh', {}, { cookie }),
    await visitor.rest('POST', '/auth/refresh', {}, { cookie: `cloudhop_refresh=${forged}` }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([201, 400, 400, 413, 400, 404, 401, 200, 401]);
  await aVisitor(api.url, { ...session!, accessToken: forged }).catch(() => undefined);
  // Internal errors are logged with their stack.
  await database.query('alter table conversation_heads rename to elsewhere');
  const crash = await visitor
    .rest('POST', path, { body: said })
    .finally(() => database.query('alter table elsewhere rename to conversation_heads'));
  expect(crash.status).toBe(500);

  await until(() => lines().some(({ event }) => event === 'request_failed'));
  const refreshToken = cookie.slice(cookie.indexOf('=') + 1);
  for (const secret of [...secrets, session!.accessToken, refreshToken, refreshToken.split('.').at(-1)!])
    expect(api.output).not.toContain(secret);
}, 30_000);

test('a line is an event and fields, and a request can be followed by its id', async () => {
  await until(() => lines().some(({ event }) => event === 'http_answered'));
  const answered = lines().filter(({ event }) => event === 'http_answered');
  expect(answered).toContainEqual(
    expect.objectContaining({
      route: 'messages.send',
      request: { id: 'followed-by-the-proxy', method: 'POST' },
      response: { statusCode: 201 },
      durationMs: expect.any(Number),
    }),
  );
  expect(lines()).toContainEqual(
    expect.objectContaining({ event: 'socket_connected', socketId: expect.any(String), userId: expect.any(String) }),
  );
});

test('metrics are on their own port and tell connections, sends, commits, fan-out and the event loop’s lag', async () => {
  expect((await fetch(`${api.url}/metrics`)).status).toBe(404);
  const { port } = lines().find(({ event }) => event === 'metrics_listening') as { port: number } & Line;
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const visitor = await aVisitor(api.url);
  expect(await visitor.send('counted', uuidv7())).toMatchObject({ ok: true });
  await until(() => visitor.facts.some((fact) => fact.name === 'conversation:changed'));
  const text = await scrape();
  for (const line of [
    /^cloudhop_connections 1$/m,
    /^cloudhop_sends_total\{verdict="stored"\} [1-9]/m,
    /^cloudhop_commit_batch_size_count [1-9]/m,
    /^cloudhop_commit_duration_seconds_count [1-9]/m,
    /^cloudhop_fanout_duration_seconds_count [1-9]/m,
    /^cloudhop_deliveries_total [1-9]/m,
    /^cloudhop_socket_requests_total\{name="message:send",outcome="ok"\} [1-9]/m,
    /^cloudhop_http_duration_seconds_count\{route="messages.send",status="201"\} 1$/m,
    /^cloudhop_http_duration_seconds_count\{route="none",status="404"\} [1-9]/m,
    /^nodejs_eventloop_lag_p99_seconds /m,
  ])
    expect(text).toMatch(line);
  visitor.socket.disconnect();
  await until(async () => /^cloudhop_connections 0$/m.test(await scrape()));
});
