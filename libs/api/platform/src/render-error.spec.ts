import { type ErrorCode, Body, errorCodes } from '@cloudhop/contracts';
import { BadRequestException, ForbiddenException, NotFoundException } from '@nestjs/common';
import * as fc from 'fast-check';
import * as z from 'zod';
import { DomainError } from './domain-error';
import { renderError } from './render-error';

const coded = (code: string) => Object.assign(new Error('relation "secrets" is odd'), { code });
const express = (status: number, type: string) =>
  Object.assign(new Error('request entity: my secret body'), { status, type, expose: true });
const zodError = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error;

const table: [string, unknown, ErrorCode][] = [
  ['a refusal', new DomainError('muted'), 'muted'],
  ['a wrong type', zodError(z.object({ seq: z.int() }), { seq: 'x' }), 'invalid'],
  ['an empty text', zodError(z.object({ body: Body }), { body: ' ' }), 'invalid_text'],
  ['a long text', zodError(z.object({ body: Body }), { body: 'x'.repeat(5_000) }), 'too_long'],
  ['a route that is not there', new NotFoundException('Cannot GET /api/x'), 'not_found'],
  ['a refusal of Nest', new ForbiddenException(), 'forbidden'],
  ['a bad request of Nest', new BadRequestException(), 'invalid'],
  ['a large body', express(413, 'entity.too.large'), 'payload_too_large'],
  ['bad JSON', express(400, 'entity.parse.failed'), 'invalid'],
  ['an unknown encoding', express(415, 'encoding.unsupported'), 'unsupported_media_type'],
  ['a path that is not UTF-8', new URIError('URI malformed'), 'invalid'],
  ...['08006', '57P01', '57P03', '53300', '25P03', '25P04', 'ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN'].map(
    (code): [string, unknown, ErrorCode] => [`Postgres that says ${code}`, coded(code), 'unavailable'],
  ),
  ...['53000', '53100', '53200', '53400', '58000', '58030', '58P01', '25006'].map(
    (code): [string, unknown, ErrorCode] => [
      `Postgres without room, memory or writes (${code})`,
      coded(code),
      'unavailable',
    ],
  ),
  ['a pool that ran dry', new Error('timeout exceeded when trying to connect'), 'unavailable'],
  ['a wrapped loss', new Error('x', { cause: coded('08006') }), 'unavailable'],
  ['both addresses refused', new AggregateError([coded('ECONNREFUSED')]), 'unavailable'],
  ['a bug', new TypeError('x is not a function'), 'internal'],
  ['a broken rule of the database', coded('23505'), 'internal'],
  ['no error at all', 'just a string', 'internal'],
  ['nothing', undefined, 'internal'],
];

test.each(table)('%s is rendered by its code and status', (_name, error, code) => {
  expect(renderError(error)).toMatchObject({ status: errorCodes[code][0], body: { code } });
});

test('nothing of an error that nobody foresaw is shown', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), (secret) => {
      const message = `internal ${secret} detail`;
      const error = Object.assign(new Error(message), { detail: message, code: '42P01' });
      expect(renderError(error).body).toEqual({ code: 'internal', message: errorCodes.internal[1] });
    }),
  );
});

test('what is wrong is told by path, and a hostile input has no long answer', () => {
  expect(renderError(zodError(z.object({ a: z.object({ b: z.int() }) }), { a: {} })).body.fields).toHaveProperty([
    'a.b',
  ]);
  const many = zodError(
    z.record(z.string(), z.int()),
    Object.fromEntries(Array.from('x'.repeat(500), (x, n) => [x + n, x])),
  );
  expect(Object.keys(renderError(many).body.fields ?? {})).toHaveLength(20);
});

test('who is told to wait is told how long, in whole milliseconds that are not negative', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (retryAfterMs) => {
      const { body } = renderError(new DomainError('rate_limited', { retryAfterMs }));
      expect(Number.isInteger(body.retryAfterMs) && body.retryAfterMs! >= 0).toBe(true);
    }),
  );
  expect(renderError(coded('08006')).body.retryAfterMs).toBeGreaterThan(0);
});
