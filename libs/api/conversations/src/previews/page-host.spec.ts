import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { fetchPage } from './page-fetcher';
import { askNameServers } from './page-host';
import { page, startPageServer } from './testing/page-server';

afterEach(() => jest.restoreAllMocks());

const say = (answers: { four?: string[]; six?: string[] }) => {
  const answer = (addresses: string[] | undefined) => async () => {
    if (!addresses) throw Object.assign(new Error('queryA ENODATA'), { code: 'ENODATA' });
    return addresses as never;
  };
  jest.spyOn(Resolver.prototype, 'resolve4').mockImplementation(answer(answers.four));
  jest.spyOn(Resolver.prototype, 'resolve6').mockImplementation(answer(answers.six));
};
const { signal } = new AbortController();
const nobody = { allowedHosts: new Set<string>(), agentName: 'Cloudhop' };

test('name servers are asked for both kinds of address, and one kind is enough', async () => {
  say({ four: ['93.184.216.34'], six: ['2606:4700::1'] });
  await expect(askNameServers('site.example', signal)).resolves.toEqual(['2606:4700::1', '93.184.216.34']);
  say({ four: ['93.184.216.34'] });
  await expect(askNameServers('site.example', signal)).resolves.toEqual(['93.184.216.34']);
  say({});
  await expect(askNameServers('site.example', signal)).resolves.toEqual([]);
});

test('what they say is checked: a private address refuses the public one beside it', async () => {
  say({ four: ['93.184.216.34', '10.0.0.1'] });
  await expect(fetchPage('http://site.example/', nobody)).rejects.toMatchObject({ reason: 'address' });
  say({ four: ['93.184.216.34'], six: ['fd00:ec2::254'] });
  await expect(fetchPage('http://site.example/', nobody)).rejects.toMatchObject({ reason: 'address' });
  say({});
  await expect(fetchPage('http://site.example/', nobody)).rejects.toMatchObject({ reason: 'unreachable' });
});

test('the system is asked for a host that an administrator named', async () => {
  say({});
  const server = await startPageServer((_request, response) => page(response).end('<title>Hello</title>'));
  const allowedHosts = new Set([`localhost:${server.port}`]);
  await expect(fetchPage(`http://localhost:${server.port}/`, { ...nobody, allowedHosts })).resolves.toMatchObject({
    url: `http://localhost:${server.port}/`,
  });
  await server.whenLeft();
  await server.close();
});

describe('a name server that never answers', () => {
  let silent: Socket;
  beforeEach(async () => {
    silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const ask = Resolver.prototype.resolve6 as (name: string) => Promise<never>;
    jest.spyOn(Resolver.prototype, 'resolve6').mockImplementation(function (this: Resolver, name: string) {
      this.setServers([`127.0.0.1:${silent.address().port}`]);
      return ask.call(this, name);
    });
  });
  afterEach(() => silent.close());

  test('is not waited for when the page is given up', async () => {
    const end = new AbortController();
    const cancel = jest.spyOn(Resolver.prototype, 'cancel');
    const asked = fetchPage('http://site.example/', { ...nobody, signal: end.signal });
    await once(silent, 'message');
    end.abort();
    await expect(asked).rejects.toMatchObject({ reason: 'aborted' });
    expect(cancel).toHaveBeenCalledTimes(1);
  });
});
