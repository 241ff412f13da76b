import * as fc from 'fast-check';
import type { RequestListener } from 'node:http';
import { fetchPage, type FetchWays } from './page-fetcher';
import { page, publicWeb, startPageServer, type PageServer } from './testing/page-server';
import { anyAddress, isSpecial, specialAddress, spellingsOf } from './testing/special-addresses';

/** Names of the public Internet, and names that lead inside. */
const names = {
  'site.example': ['93.184.216.34'],
  'other.example': ['2606:4700::6810:84e5', '104.16.132.229'],
  'inner.example': ['10.0.0.1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'translated.example': ['64:ff9b::a00:1'],
};
let server: PageServer;
let answer: RequestListener;

beforeEach(async () => {
  answer = (_request, response) => page(response).end('<title>Hello</title>');
  server = await startPageServer((request, response) => answer(request, response));
});
afterEach(async () => {
  await server.whenLeft();
  await server.close();
});

const redirectTo = (location: string) => {
  answer = (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: Buffer.from(location).toString('latin1') }).end();
    else page(response).end('<title>Hello</title>');
  };
};
const refusalOf = (address: string, ways: FetchWays) =>
  fetchPage(address, ways).then(
    ({ url }) => `fetched ${url}`,
    (error: { name: string; reason: string }) => `${error.name}: ${error.reason}`,
  );

test('a public page is fetched from the addresses that its name was given, which is asked for once', async () => {
  const { ways, opened, resolved } = publicWeb(names, server);
  redirectTo('/moved');
  await expect(fetchPage('http://OTHER.example/#part', ways)).resolves.toMatchObject({
    url: 'http://other.example/moved',
  });
  expect(opened).toEqual([
    { name: 'other.example', port: 80, isSecure: false, addresses: names['other.example'] },
    { name: 'other.example', port: 80, isSecure: false, addresses: names['other.example'] },
  ]);
  expect(resolved).toEqual(['other.example']);
  expect(server.asked[0]!.headers['host']).toBe('other.example');
});

test('a name that leads elsewhere the second time is not asked a second time', async () => {
  const { ways, opened } = publicWeb({}, server);
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  const resolve = jest.fn(async () => answers.shift()!);
  redirectTo('http://rebinding.example/again');
  await fetchPage('http://rebinding.example/', { ...ways, resolve });
  expect(resolve).toHaveBeenCalledTimes(1);
  expect(opened.map(({ addresses }) => addresses)).toEqual([['93.184.216.34'], ['93.184.216.34']]);
});

test('a literal address is only ever connected to when it is public, however it is spelled', async () => {
  const { ways, opened, resolved } = publicWeb({}, server);
  const literal = fc
    .oneof(specialAddress, anyAddress)
    .chain((parts) => fc.tuple(fc.constant(parts), spellingsOf(parts)));
  await fc.assert(
    fc.asyncProperty(literal, fc.constantFrom('http', 'https'), async ([parts, spelling], scheme) => {
      opened.length = 0;
      const stop = () => {
        throw new Error('far enough');
      };
      const openSocket: FetchWays['openSocket'] = (host) => (opened.push(host), stop());
      const refusal = await refusalOf(`${scheme}://${spelling}/`, { ...ways, openSocket });
      if (isSpecial(parts)) {
        expect([spelling, refusal]).toEqual([spelling, 'PageRefused: address']);
        expect(opened).toEqual([]);
      } else {
        expect([spelling, refusal]).toEqual([spelling, 'PageRefused: unreachable']);
        expect(opened).toHaveLength(1);
        expect(opened[0]!.addresses).toEqual([new URL(`http://${spelling}`).hostname.replace(/[[\]]/g, '')]);
      }
      expect(resolved).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

describe('nothing is asked for behind', () => {
  const refused: [string, string][] = [
    ['http://127.0.0.1/', 'address'],
    ['http://127.1/', 'address'],
    ['http://2130706433/', 'address'],
    ['http://0x7f000001/', 'address'],
    ['http://0177.0.0.1/', 'address'],
    ['http://①②⑦.⓪.⓪.①/', 'address'],
    ['http://169.254.169.254/latest/meta-data/', 'address'],
    ['http://[::1]/', 'address'],
    ['http://[::]/', 'address'],
    ['http://[::ffff:127.0.0.1]/', 'address'],
    ['http://[64:ff9b::127.0.0.1]/', 'address'],
    ['http://[fd00:ec2::254]/', 'address'],
    ['http://[fe80::1%25eth0]/', 'url'],
    ['http://inner.example/', 'address'],
    ['http://mixed.example/', 'address'],
    ['http://mapped.example/', 'address'],
    ['http://translated.example/', 'address'],
    ['http://localhost/', 'host'],
    ['http://LOCALHOST./', 'host'],
    ['http://site.localhost/', 'host'],
    ['http://printer.local/', 'host'],
    ['http://metadata.google.internal/', 'host'],
    ['http://metadata.google.internal./', 'host'],
    ['http://nas.home.arpa/', 'host'],
    ['http://wiki/', 'host'],
    ['http://site.example./', 'host'],
    ['http://.example/', 'host'],
    ['http://site..example/', 'host'],
    ['http://site.example:22/', 'port'],
    ['http://site.example:443/', 'port'],
    ['https://site.example:80/', 'port'],
    ['http://site.example:8080/', 'port'],
    ['http://me:secret@site.example/', 'url'],
    ['http://me@site.example/', 'url'],
    ['file:///etc/passwd', 'scheme'],
    ['ftp://site.example/', 'scheme'],
    ['gopher://site.example/', 'scheme'],
    ['data:text/html,<title>x</title>', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
  ];

  test.each(refused)('%s', async (address, reason) => {
    const { ways, opened } = publicWeb(names, server);
    await expect(refusalOf(address, ways)).resolves.toBe(`PageRefused: ${reason}`);
    expect(opened).toEqual([]);
  });

  test.each(refused)('a redirect to %s', async (address, reason) => {
    const { ways, opened } = publicWeb(names, server);
    redirectTo(address);
    await expect(refusalOf('http://site.example/', ways)).resolves.toBe(`PageRefused: ${reason}`);
    expect(opened.map(({ name }) => name)).toEqual(['site.example']);
  });

  test.each(['', 'no address', '/path', '//site.example/', 'http://', 'https://[::1'])('%p', async (address) => {
    const { ways, opened } = publicWeb(names, server);
    await expect(refusalOf(address, ways)).resolves.toBe('PageRefused: url');
    expect(opened).toEqual([]);
  });
});

test('a redirect from TLS to a line that everybody can write on is refused, the other way is not', async () => {
  const { ways, opened } = publicWeb(names, server);
  redirectTo('http://other.example/');
  await expect(refusalOf('https://site.example/', ways)).resolves.toBe('PageRefused: scheme');
  expect(opened.map(({ port, isSecure }) => [port, isSecure])).toEqual([[443, true]]);
  redirectTo('https://other.example/next');
  await expect(refusalOf('http://site.example/', ways)).resolves.toBe('fetched https://other.example/next');
});

describe('a host that an administrator named', () => {
  let wiki: PageServer;
  beforeEach(async () => {
    wiki = await startPageServer((request, response) => {
      if (request.url === '/out') response.writeHead(302, { location: 'http://site.example/' }).end();
      else if (request.url === '/on') response.writeHead(302, { location: `http://wiki:${wiki.port}/` }).end();
      else page(response).end('<title>Wiki</title>');
    });
  });
  afterEach(async () => {
    await wiki.whenLeft();
    await wiki.close();
  });

  const named = () => {
    const web = publicWeb({ ...names, wiki: ['127.0.0.1'] }, wiki);
    return { ...web, ways: { ...web.ways, allowedHosts: new Set([wiki.host, `wiki:${wiki.port}`]) } };
  };

  test('is fetched although it is private, by its address and by its name, and redirects to another one', async () => {
    const { ways } = named();
    const { openSocket: _ofTests, ...asItIs } = ways;
    for (const path of ['', '/on'])
      await expect(fetchPage(wiki.url + path, asItIs)).resolves.toMatchObject({
        contentType: 'text/html',
        bytes: Buffer.from('<title>Wiki</title>'),
      });
    await expect(refusalOf(`http://wiki:${wiki.port}/`, asItIs)).resolves.toBe(`fetched http://wiki:${wiki.port}/`);
  });

  test('is named with its port: the next one is not, nor is another name for it', async () => {
    const { ways, opened } = named();
    await expect(refusalOf(`http://127.0.0.1:${wiki.port + 1}/`, ways)).resolves.toBe('PageRefused: port');
    await expect(refusalOf(`http://[::ffff:127.0.0.1]:${wiki.port}/`, ways)).resolves.toBe('PageRefused: port');
    await expect(refusalOf('http://wiki/', ways)).resolves.toBe('PageRefused: host');
    await expect(refusalOf(`ftp://wiki:${wiki.port}/`, ways)).resolves.toBe('PageRefused: scheme');
    await expect(refusalOf(`http://me@wiki:${wiki.port}/`, ways)).resolves.toBe('PageRefused: url');
    expect(opened).toEqual([]);
  });

  test('is not where a page of somebody else leads, also when the link led inside first', async () => {
    const { ways } = named();
    const { ways: outside } = publicWeb(names, server);
    const openSocket: FetchWays['openSocket'] = (host) =>
      host.name === 'site.example' ? outside.openSocket(host) : ways.openSocket(host);
    redirectTo(`${wiki.url}/secret`);
    await expect(refusalOf('http://site.example/', { ...ways, openSocket })).resolves.toBe('PageRefused: port');
    await expect(refusalOf(`${wiki.url}/out`, { ...ways, openSocket })).resolves.toBe('PageRefused: port');
    expect(wiki.asked.map(({ url }) => url)).toEqual(['/out']);
    expect(server.asked).toHaveLength(2);
  });
});

test('a name without an address, and one that can’t be asked for, are unreachable', async () => {
  const { ways } = publicWeb(names, server);
  await expect(refusalOf('http://nowhere.example/', ways)).resolves.toBe('PageRefused: unreachable');
  const resolve = () => Promise.reject(new Error('ESERVFAIL'));
  await expect(refusalOf('http://site.example/', { ...ways, resolve })).resolves.toBe('PageRefused: unreachable');
});
