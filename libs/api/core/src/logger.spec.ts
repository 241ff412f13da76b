import { createLogger } from './logger';

/** What a logger that is given `fields` writes. */
function written(...calls: [object, string?][]): string {
  let text = '';
  const logger = createLogger('trace', { write: (line: string) => void (text += line) });
  for (const [fields, message] of calls) logger.error(fields, message);
  return text;
}

const secret = 'the lobby must never read this';

test('no body, token or cookie reaches a line, wherever it stands', () => {
  for (const key of [
    'body',
    'token',
    'accessToken',
    'authorization',
    'cookie',
    'set-cookie',
    'password',
    'secret',
    'auth',
  ])
    for (const fields of [{ [key]: secret }, { request: { [key]: secret } }, { a: { headers: { [key]: secret } } }])
      expect(written([fields])).not.toContain(secret);
});

test('of an error only kind, code, message and way reach a line', () => {
  const error = Object.assign(new Error('insert failed'), {
    code: '40001',
    detail: secret,
    parameters: [secret],
    query: secret,
    request: { body: secret },
    driverError: { detail: secret },
  });
  const line = written([{ event: 'request_failed', err: error }]);
  expect(line).not.toContain(secret);
  expect(JSON.parse(line)).toMatchObject({
    event: 'request_failed',
    err: { type: 'Error', code: '40001', message: 'insert failed', stack: expect.stringContaining('logger.spec') },
  });
});

test.each([
  ['22P02', `invalid input syntax for type uuid: "${secret}"`],
  ['22021', `invalid byte sequence ${secret}`],
  ['23505', `Key (name)=(${secret}) already exists`],
])('what Postgres quotes with %s stays out, also from a cause and from the stack', (code, message) => {
  const quoting = Object.assign(new Error(message), { code });
  const line = written([{ err: quoting }], [quoting], [{ err: new Error('commit failed', { cause: quoting }) }]);
  expect(line).not.toContain(secret);
  expect(line).toContain(code);
});

test('what a parser could not read stays out', () => {
  try {
    JSON.parse(`{"body": ${secret}}`);
  } catch (error) {
    expect(written([{ err: error as Error }])).not.toContain('lobby');
  }
});

test('a message that looks like a stack does not become one', () => {
  const error = new Error(`first\n    at ${secret}`);
  expect((JSON.parse(written([{ err: error }])) as { err: { stack: string } }).err.stack).not.toContain(secret);
});
