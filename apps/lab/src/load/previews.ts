import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, makeGuests } from './guests';
import { Latencies } from './latencies';
import { measured, perUnit } from './phase';
import { cell, table } from './report';
import { type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface PreviewsOptions {
  /** Messages with a link of its own each, one after the other. */
  links: number;
  /** Messages that link to a page that was read before. */
  repeats: number;
  /** Of the sustained sends. */
  seconds: number;
}

type Sender = (body: string) => Promise<void>;

/** Links of a message: none, one to a page, or one that the server must not fetch. */
type LinkOf = () => string;

const marker = Buffer.from('"preview":{');

/** Measures the cost of links for a send, and the delay of their previews. */
export async function previews({ links, repeats, seconds }: PreviewsOptions): Promise<string[]> {
  const { site, url } = await openSite();
  const host = new URL(url).host;
  const on = await startServer('cloudhop', undefined, { LINK_PREVIEW_HOSTS: host });
  const arrivals = [
    await untilPreview(on, 'a page that nobody linked to before', links, () => `${url}/${randomUUID()}`),
    await untilPreview(on, 'a page that was read before', repeats, () => `${url}/known`),
  ];
  const loads = [
    await sustained(on, 'no link, previews on', seconds, () => 'plain words'),
    await sustained(on, 'a known link, previews on', seconds, () => `${url}/known`),
  ];
  await on.stop();
  const off = await startServer('cloudhop', undefined, { LINK_PREVIEWS: 'off' });
  loads.push(await sustained(off, 'a link, previews off', seconds, () => `${url}/known`));
  await off.stop();
  site.close();
  return [
    'From the send to the preview on another page, one message after the other; the site answers at once, from this machine:',
    '',
    ...table(
      ['link', 'messages', 'p50 ms', 'p99 ms'],
      arrivals.map(({ what, count, latencies }) => [
        what,
        cell(count),
        cell(latencies.percentile(0.5)),
        cell(latencies.percentile(0.99)),
      ]),
    ),
    '',
    `What the sender waits for, 64 sends under way at once for ${seconds} s each. The CPU has everything in it that happened meanwhile, indexing and previews too:`,
    '',
    ...table(
      ['messages', 'sends/s', 'p50 ms', 'p99 ms', 'server CPU µs per message', 'of it PostgreSQL'],
      loads.map(({ what, sends, latencies, serverMs, postgresMs, seconds: took }) => [
        what,
        cell(sends / took),
        cell(latencies.percentile(0.5)),
        cell(latencies.percentile(0.99)),
        cell(perUnit(serverMs + postgresMs, sends)),
        cell(perUnit(postgresMs, sends)),
      ]),
    ),
    '',
  ];
}

async function openSite(): Promise<{ site: Server; url: string }> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Trails</title><meta name="description" content="Two hours from town.">');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return { site, url: `http://127.0.0.1:${(site.address() as AddressInfo).port}` };
}

/** Sends and waits until the preview is told to somebody else. */
async function untilPreview(server: ServerUnderTest, what: string, count: number, linkOf: LinkOf) {
  const latencies = new Latencies();
  let send: Sender | undefined;
  let arrived: () => void = () => undefined;
  const [, listener] = await makeGuests(server, 2);
  const hears = await WireClient.open(server.url, 'cloudhop', {
    token: listener!.token,
    onEvent: (bytes, from, to) => {
      const at = bytes.indexOf(marker, from);
      if (at !== -1 && at < to) arrived();
    },
  });
  for (let n = 0; n < count; n++) {
    // Another author now and then: what one may cause in a minute is no part of this.
    if (n % 10 === 0) send = await sender(server, (await makeGuests(server, 1))[0]!);
    const told = new Promise<void>((resolve) => (arrived = resolve));
    const began = performance.now();
    await send!(linkOf());
    await told;
    latencies.add(performance.now() - began);
  }
  hears.close();
  return { what, count, latencies };
}

async function sustained(server: ServerUnderTest, what: string, seconds: number, linkOf: LinkOf) {
  const latencies = new Latencies();
  const [author] = await makeGuests(server, 1);
  const send = await sender(server, author!);
  let sends = 0;
  const phase = await measured(server, async () => {
    const end = performance.now() + seconds * 1_000;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (performance.now() < end) {
          const began = performance.now();
          await send(`look: ${linkOf()}`);
          latencies.add(performance.now() - began);
          sends++;
        }
      }),
    );
  });
  return { ...phase, what, sends, latencies };
}

/** Sends into the lobby; acknowledgements come in the order of what was sent, so the oldest who waits goes on. */
async function sender(server: ServerUnderTest, { token }: Guest): Promise<Sender> {
  const conversationId = await withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(`select id from conversations where kind = 'lobby'`);
    return rows[0]!.id;
  });
  const client = await WireClient.open(server.url, 'cloudhop', { token });
  const waiting: (() => void)[] = [];
  client.onAcknowledgement = () => waiting.shift()?.();
  return (body) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      client.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body }));
    });
}
