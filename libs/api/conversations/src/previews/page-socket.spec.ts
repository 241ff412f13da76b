import { once } from 'node:events';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { fetchPage } from './page-fetcher';
import { openSocket } from './page-socket';
import { selfSigned } from './testing/certificate';
import { page, startPageServer, type PageServer } from './testing/page-server';

const certificate = selfSigned('site.example');
const authorities = getCACertificates('default');
let server: PageServer;
let protocol: string | false | null;

beforeEach(async () => {
  server = await startPageServer(({ socket }, response) => {
    protocol = (socket as TLSSocket).alpnProtocol;
    page(response).end('<title>Hello</title>');
  }, certificate);
});
afterEach(async () => {
  setDefaultCACertificates(authorities);
  await server.whenLeft();
  await server.close();
});

const fetched = (name: string) =>
  fetchPage(`https://${name}:${server.port}/`, {
    allowedHosts: new Set([`${name}:${server.port}`]),
    agentName: 'Cloudhop',
    resolve: async () => ['127.0.0.1'],
  });

test('a socket goes to the address that was checked, whatever the name would say', async () => {
  const host = { name: 'nobody.invalid', port: server.port, isSecure: false, addresses: ['127.0.0.1'] };
  const socket = openSocket(host);
  await once(socket, 'connect');
  expect([socket.remoteAddress, socket.remotePort]).toEqual(['127.0.0.1', server.port]);
  socket.destroy();
});

test('where the first address does not answer, the next one of those that were checked does', async () => {
  const addresses = ['127.255.255.254', '127.0.0.1'];
  const socket = openSocket({ name: 'nobody.invalid', port: server.port, isSecure: false, addresses });
  await once(socket, 'connect');
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
});

test('TLS asks for the host by its name, and the host proves it', async () => {
  setDefaultCACertificates([...authorities, certificate.cert]);
  await expect(fetched('site.example')).resolves.toMatchObject({ url: `https://site.example:${server.port}/` });
  expect(server.asked[0]!.headers['host']).toBe(`site.example:${server.port}`);
  expect(protocol).toBe('http/1.1');
});

test.each(['other.example', '127.0.0.1'])('a certificate for another name than %s is none', async (name) => {
  setDefaultCACertificates([...authorities, certificate.cert]);
  await expect(fetched(name)).rejects.toMatchObject({
    reason: 'unreachable',
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  expect(server.asked).toEqual([]);
});

test('a certificate that nobody vouches for is refused', async () => {
  await expect(fetched('site.example')).rejects.toMatchObject({ reason: 'unreachable' });
  expect(server.asked).toEqual([]);
});
