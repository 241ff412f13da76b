import * as fc from 'fast-check';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { createLogger } from './logger';

/** Returns the output of a logger that is given `fields`. */
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
    code: 'COMMIT_FAILED',
    detail: secret,
    parameters: [secret],
    query: secret,
    request: { body: secret },
  });
  const line = written([{ event: 'request_failed', err: error }]);
  expect(line).not.toContain(secret);
  expect(JSON.parse(line)).toMatchObject({
    event: 'request_failed',
    err: {
      type: 'Error',
      code: 'COMMIT_FAILED',
      message: 'insert failed',
      stack: expect.stringContaining('logger.spec'),
    },
  });
});

test('of a database error the code and names of the schema reach a line, and no message', () => {
  const driverError = Object.assign(new DatabaseError(`Key (name)=(${secret}) exists`, 10, 'error'), {
    code: '23505',
    severity: 'ERROR',
    detail: secret,
    hint: secret,
    where: secret,
    table: 'users',
    constraint: 'users_username_key',
    routine: '_bt_check_unique',
  });
  const failed = new QueryFailedError(`insert into users values ('${secret}')`, [secret], driverError);
  const line = written([{ event: 'request_failed', err: failed }]);
  expect(line).not.toContain(secret);
  expect((JSON.parse(line) as { err: object }).err).toEqual({
    type: 'QueryFailedError',
    code: '23505',
    table: 'users',
    constraint: 'users_username_key',
    routine: '_bt_check_unique',
    stack: expect.stringContaining('logger.spec'),
  });
});

const typed = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '"', "'", '\n', '(', ')', ':', '1', '{', '}'),
  maxLength: 30,
});
const sqlState = fc.string({
  unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  minLength: 5,
  maxLength: 5,
});

test('whatever the class of an error, nothing that somebody typed reaches a line from any of its properties', () => {
  const mark = 'TypedByMomo';
  fc.assert(
    fc.property(typed, typed, sqlState, fc.constantFrom('err', 'error', 'reason'), (before, after, code, key) => {
      const text = `${before}${mark}${after}`;
      const driverError = Object.assign(new DatabaseError(text, 1, 'error'), { code, severity: text, detail: text });
      Object.assign(driverError, {
        hint: text,
        where: text,
        internalQuery: text,
        column: ` ${text}`,
        table: `${text}!`,
      });
      const failed = new QueryFailedError(text, [text], driverError);
      const parsed = new SyntaxError(text, { cause: failed });
      const calls: [object, string?][] = [driverError, failed, parsed].flatMap((error): [object, string?][] => [
        [error],
        [{ event: 'failed', [key]: error }],
        [{ event: 'failed', [key]: new Error('failed', { cause: error }) }],
        [{ event: 'failed', [key]: new TypeError(`Received '${text}'`, { cause: error }) }],
      ]);
      expect(written(...calls)).not.toContain(mark);
    }),
  );
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
