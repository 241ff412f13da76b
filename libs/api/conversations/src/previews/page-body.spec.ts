import { limits } from '@cloudhop/api/platform';
import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { fetchPage, type FetchedPage } from './page-fetcher';
import { endless, page, startPageServer, type PageServer } from './testing/page-server';

const original = { ...limits };
const html = '<title>Hello</title>';
let server: PageServer;
let answer: RequestListener;

beforeEach(async () => {
  server = await startPageServer((request, response) => answer(request, response));
});
/** Whatever happened: nobody stays connected. */
afterEach(async () => {
  Object.assign(limits, original);
  await server.whenLeft();
  await server.close();
});

const fetched = (path = '/'): Promise<FetchedPage> =>
  fetchPage(server.url + path, { allowedHosts: new Set([server.host]), agentName: 'Cloudhop' });
const refusalOf = (path?: string): Promise<string> =>
  fetched(path).then(
    () => 'fetched',
    ({ reason }: { reason: string }) => reason,
  );

test('a body that never ends is read up to the limit', async () => {
  answer = (_request, response) => endless(page(response));
  const { bytes, isComplete } = await fetched();
  expect([bytes.length, isComplete]).toEqual([limits.previewBytes, false]);
});

test('a body of exactly the limit is complete, of one byte more it is not', async () => {
  limits.previewBytes = 1_000;
  answer = (request, response) => page(response).end('x'.repeat(Number(request.url!.slice(1))));
  for (const length of [999, 1_000]) expect(await fetched(`/${length}`)).toMatchObject({ isComplete: true });
  const { bytes, isComplete } = await fetched('/1001');
  expect([bytes.length, isComplete]).toEqual([1_000, false]);
});

test.each([
  ['gzip', gzipSync(html)],
  ['x-gzip', gzipSync(html)],
  ['GZIP', gzipSync(html)],
  ['deflate', deflateSync(html)],
  ['br', brotliCompressSync(html)],
  ['identity', Buffer.from(html)],
])('a body packed as %s is unpacked', async (encoding, body) => {
  answer = (_request, response) => page(response, { 'content-encoding': encoding }).end(body);
  const { bytes, isComplete } = await fetched();
  expect([bytes.toString(), isComplete]).toEqual([html, true]);
});

test('a body that unpacks to a gigabyte costs no more than the limit', async () => {
  const mebibyte = gzipSync(Buffer.alloc(1024 * 1024));
  const bomb = Buffer.concat(Array<Buffer>(1024).fill(mebibyte));
  answer = (_request, response) => page(response, { 'content-encoding': 'gzip' }).end(bomb);
  const before = process.memoryUsage().arrayBuffers;
  const { bytes, isComplete } = await fetched();
  expect([bytes.length, isComplete]).toEqual([limits.previewBytes, false]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

test('a body that is large and unpacks to nothing is left at the limit too', async () => {
  answer = (_request, response) => endless(page(response, { 'content-encoding': 'gzip' }), gzipSync(''));
  const { bytes, isComplete } = await fetched();
  expect([bytes.length, isComplete]).toEqual([0, false]);
});

test('a body packed in layers, in a way nobody asked for, or broken is refused', async () => {
  answer = (_request, response) => page(response, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync(html)));
  expect(await refusalOf()).toBe('encoding');
  answer = (_request, response) => page(response, { 'content-encoding': 'zstd' }).end(html);
  expect(await refusalOf()).toBe('encoding');
  for (const encoding of ['gzip', 'deflate', 'br']) {
    answer = (_request, response) => page(response, { 'content-encoding': encoding }).end(html.repeat(10));
    expect([encoding, await refusalOf()]).toEqual([encoding, 'encoding']);
  }
});

test.each(['identity', 'gzip'])('a body that breaks off (%s) is refused', async (encoding) => {
  const body = encoding === 'gzip' ? gzipSync(html) : Buffer.from(html);
  answer = (_request, response) => {
    page(response, { 'content-encoding': encoding, 'content-length': '1000' }).write(body);
    setTimeout(() => response.destroy(), 20);
  };
  expect(await refusalOf()).toBe('unreachable');
});
