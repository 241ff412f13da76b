import { limits } from '@cloudhop/api/platform';
import { Agent, type RequestListener, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetchPage, type FetchWays } from './page-fetcher';
import type { PageRefused } from './page-refused';
import { endless, page, startPageServer, type PageServer } from './testing/page-server';

const original = { ...limits };
const html = '<title>Hello</title>';
let server: PageServer;
let answer: RequestListener;

beforeEach(async () => {
  answer = (_request, response) => page(response).end(html);
  server = await startPageServer((request, response) => answer(request, response));
});
/** Every test closes all connections. */
afterEach(async () => {
  Object.assign(limits, original);
  await server.whenLeft();
  await server.close();
});

const ways = (more: Partial<FetchWays> = {}): FetchWays => ({
  allowedHosts: new Set([server.host]),
  agentName: 'Cloudhop/1.0 (+https://chat.example)',
  ...more,
});
const fetched = (path = '/', more?: Partial<FetchWays>) => fetchPage(server.url + path, ways(more));
const refusalOf = async (path = '/', more?: Partial<FetchWays>): Promise<string> => {
  const error = await fetched(path, more).then(
    () => undefined,
    (refused: PageRefused) => refused,
  );
  expect(error?.name).toBe('PageRefused');
  return error!.reason;
};

test('a page comes with its address, type, charset and bytes', async () => {
  answer = (_request, response) => page(response, { 'content-type': 'Text/HTML; Charset="Big5"' }).end(html);
  expect(await fetched('/page?q=%20#part')).toEqual({
    url: `${server.url}/page?q=%20`,
    contentType: 'text/html',
    charset: 'Big5',
    bytes: Buffer.from(html),
    isComplete: true,
  });
});

test('the server asks as nobody in particular, and keeps no connection', async () => {
  await fetched();
  expect(server.asked[0]!.headers).toEqual({
    host: server.host,
    'user-agent': 'Cloudhop/1.0 (+https://chat.example)',
    accept: 'text/html,application/xhtml+xml',
    'accept-language': '*',
    'accept-encoding': 'gzip, br, deflate',
    connection: 'close',
  });
});

test('cookies of one answer do not go along with the redirect, nor does where it came from', async () => {
  answer = (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/next', 'set-cookie': 'a=b' }).end();
    else page(response).end(html);
  };
  await fetched();
  expect(Object.keys(server.asked[1]!.headers)).not.toEqual(expect.arrayContaining(['cookie']));
  expect(Object.keys(server.asked[1]!.headers)).not.toEqual(expect.arrayContaining(['referer']));
});

test('proxies of the environment are passed by', async () => {
  const proxy = await startPageServer((_request, response) => page(response).end('<title>Proxy</title>'));
  // The agent belongs to the process and so to every spec of this worker: it is put back.
  const http = jest.requireActual<{ globalAgent: Agent }>('node:http');
  const { globalAgent } = http;
  http.globalAgent = new Agent({ proxyEnv: { HTTP_PROXY: proxy.url, http_proxy: proxy.url } });
  try {
    expect((await fetched()).bytes.toString()).toBe(html);
    expect(proxy.asked).toEqual([]);
  } finally {
    http.globalAgent = globalAgent;
    await proxy.close();
  }
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('with %i are followed, relative ones too', async (status) => {
    answer = (request, response) => {
      if (request.url === '/a/b') response.writeHead(status, { location: '../c?d' }).end();
      else page(response).end(html);
    };
    expect((await fetched('/a/b')).url).toBe(`${server.url}/c?d`);
  });

  test('are followed as often as the limit says, and not once more', async () => {
    answer = (request, response) => {
      const left = Number(request.url!.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else page(response).end(html);
    };
    expect((await fetched(`/${limits.previewRedirects}`)).url).toBe(`${server.url}/0`);
    expect(await refusalOf(`/${limits.previewRedirects + 1}`)).toBe('redirects');
    expect(await refusalOf('/1000000')).toBe('redirects');
  });

  test('that lead in a circle end', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/' }).end();
    expect(await refusalOf()).toBe('redirects');
    expect(server.asked).toHaveLength(limits.previewRedirects + 1);
  });

  test('are not read: what an endless one says is left', async () => {
    answer = (request, response) => {
      if (request.url === '/') endless(response.writeHead(302, { location: '/next' }));
      else page(response).end(html);
    };
    expect((await fetched()).url).toBe(`${server.url}/next`);
  });

  test('may be written in UTF-8', async () => {
    answer = (request, response) => {
      if (request.url === '/') response.writeHead(302, { location: Buffer.from('/首頁').toString('latin1') }).end();
      else page(response).end(html);
    };
    expect((await fetched()).url).toBe(`${server.url}/${encodeURIComponent('首頁')}`);
  });

  test.each([undefined, 'http://', 'http://['])('to %p lead nowhere', async (location) => {
    answer = (_request, response) => response.writeHead(302, location === undefined ? {} : { location }).end();
    expect(await refusalOf()).toBe(location === undefined ? 'status' : 'url');
  });
});

describe('an answer', () => {
  test.each(['text/plain', 'image/png', 'application/json', 'text/html, text/html', 'html', ''])(
    'of type %p is refused before its body is read',
    async (type) => {
      answer = (_request, response) => endless(response.writeHead(200, type === '' ? {} : { 'content-type': type }));
      expect(await refusalOf()).toBe('type');
    },
  );

  test('in XHTML is a page', async () => {
    answer = (_request, response) => page(response, { 'content-type': 'application/xhtml+xml' }).end(html);
    expect(await fetched()).toMatchObject({ contentType: 'application/xhtml+xml' });
  });

  test.each([201, 204, 206, 300, 304, 401, 404, 429, 500])('with status %i is none', async (status) => {
    answer = (_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end();
    expect(await refusalOf()).toBe('status');
  });

  test('with a head beyond all measure is refused', async () => {
    answer = (_request, response) => page(response, { 'x-long': 'x'.repeat(40 * 1024) }).end(html);
    expect(await refusalOf()).toBe('size');
    answer = (_request, response) =>
      page(response, Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`x-many-${n}`, 'x']))).end(html);
    expect(await refusalOf()).toBe('size');
  });

  test.each([
    ['that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['that changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'],
    [
      'of two lengths',
      'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    ],
    ['that is nothing', ''],
  ])('%s is refused', async (_, text) => {
    answer = (request) => request.socket.end(text);
    expect(await refusalOf()).toBe('unreachable');
  });

  test('that hints and never comes is not waited for', async () => {
    answer = ({ socket }) => void socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(10));
    expect(await refusalOf()).toBe('unreachable');
    answer = ({ socket }, response) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
      page(response).end(html);
    };
    expect((await fetched()).bytes.toString()).toBe(html);
  });

  test('from a port where nobody listens is none', async () => {
    await server.close();
    expect(await refusalOf()).toBe('unreachable');
    server = await startPageServer((request, response) => answer(request, response));
  });

  test('is none where the socket fails before anything is asked', async () => {
    const openSocket = () => new Socket().destroy(new Error('failed'));
    expect(await refusalOf('/', { openSocket })).toBe('unreachable');
    expect(await refusalOf('/', { openSocket, agentName: 'no\nheader' })).toBe('unreachable');
  });
});

describe('after the time for it, all is given up:', () => {
  beforeEach(() => void (limits.previewTimeoutMs = 150));

  /** Writes a byte now and then, so that no socket is ever idle. */
  const drip = (response: ServerResponse, write: (text: string) => void) => {
    const timer = setInterval(() => write('x'), 10);
    response.on('close', () => clearInterval(timer));
  };

  test.each<[string, RequestListener]>([
    ['a silent server', () => {}],
    [
      'a head that drips',
      ({ socket }, response) => {
        socket.write('HTTP/1.1 200 OK\r\nx-');
        drip(response, (text) => socket.write(text));
      },
    ],
    [
      'a body that drips',
      (_request, response) => {
        page(response);
        drip(response, (text) => response.write(text));
      },
    ],
    [
      'a packed body that drips',
      (_request, response) => {
        page(response, { 'content-encoding': 'gzip' });
        drip(response, () => response.write(gzipSync('')));
      },
    ],
    [
      'redirects that take their time',
      (_request, response) => void setTimeout(() => response.writeHead(302, { location: '/' }).end(), 60),
    ],
  ])('%s', async (_, listener) => {
    answer = listener;
    const from = Date.now();
    expect(await refusalOf()).toBe('timeout');
    expect(Date.now() - from).toBeLessThan(1_000);
  });

  test('a name server that is silent', async () => {
    const resolve = () => new Promise<never>(() => {});
    await expect(fetchPage('http://site.example/', ways({ resolve }))).rejects.toMatchObject({ reason: 'timeout' });
  });
});

test('who asked can give up, before and meanwhile', async () => {
  const end = new AbortController();
  answer = () => end.abort();
  expect(await refusalOf('/', { signal: end.signal })).toBe('aborted');
  expect(server.connections).toBe(1);
  expect(await refusalOf('/', { signal: end.signal })).toBe('aborted');
  // The next connection is the second: the aborted request made none.
  answer = (_request, response) => page(response).end(html);
  await fetched();
  expect(server.connections).toBe(2);
});
