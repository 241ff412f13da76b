import { Agent, request } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { type Guest, inTurn, makeGuests } from './guests';
import { Latencies } from './latencies';
import { type Phase, measured, perUnit } from './phase';
import { cell, table } from './report';
import { type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface RestOptions {
  /** Requests under way at once. */
  atOnce: number;
  listeners: number;
  seconds: number;
  profileFolder: string | undefined;
}

interface PostPhase extends Phase {
  what: string;
  posts: number;
  deliveries: number;
  latencies: Latencies;
}

const marker = Buffer.from('"kind":"message"');

/** Posts into one room by the door of outside systems: alone, with many who hear it live, and beside the socket. */
export async function rest({ atOnce, listeners, seconds, profileFolder }: RestOptions): Promise<string[]> {
  const server = await startServer('cloudhop', profileFolder);
  const guests = await makeGuests(server, listeners + 1);
  const author = guests[0]!;
  const { id, slug } = await makeRoom(server, author, guests.slice(1));
  const post = poster(server, author, slug, atOnce);
  const found: PostPhase[] = [];
  found.push(await sustained('REST, nobody listens', server, post, atOnce, seconds));
  found.push(await sustained('socket, nobody listens', server, await sender(server, author, id), atOnce, seconds));
  let deliveries = 0;
  const members = await inTurn(listeners, (n) =>
    WireClient.open(server.url, 'cloudhop', {
      token: guests[n + 1]!.token,
      onEvent: (bytes, from, to) => {
        for (let at = bytes.indexOf(marker, from); at !== -1 && at < to; at = bytes.indexOf(marker, at + 1))
          deliveries++;
      },
    }),
  );
  const live = await sustained(`REST, ${listeners.toLocaleString('en')} members listen`, server, post, atOnce, seconds);
  found.push({ ...live, deliveries });
  for (const member of members) member.close();
  await server.stop();
  return [
    `One program posts into one room, ${atOnce} requests under way at once for ${seconds} s each; every post is stored before it is answered:`,
    '',
    ...table(
      ['door', 'posts/s', 'p50 ms', 'p99 ms', 'server CPU µs per post', 'of it PostgreSQL', 'deliveries/s'],
      found.map((phase) => [
        phase.what,
        cell(phase.posts / phase.seconds),
        cell(phase.latencies.percentile(0.5)),
        cell(phase.latencies.percentile(0.99)),
        cell(perUnit(phase.serverMs + phase.postgresMs, phase.posts)),
        cell(perUnit(phase.postgresMs, phase.posts)),
        phase.deliveries === 0 ? '–' : cell(phase.deliveries / phase.seconds),
      ]),
    ),
    '',
  ];
}

async function sustained(
  what: string,
  server: ServerUnderTest,
  post: () => Promise<void>,
  atOnce: number,
  seconds: number,
): Promise<PostPhase> {
  const latencies = new Latencies();
  let posts = 0;
  const phase = await measured(server, async () => {
    const end = performance.now() + seconds * 1_000;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (performance.now() < end) {
          const began = performance.now();
          await post();
          latencies.add(performance.now() - began);
          posts++;
        }
      }),
    );
  });
  return { ...phase, what, posts, deliveries: 0, latencies };
}

/** Posts over kept connections, and reads the answer to its end. */
function poster(server: ServerUnderTest, { token }: Guest, slug: string, atOnce: number): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = `${server.url}/api/rooms/${encodeURIComponent(slug)}/messages`;
  return () =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ id: uuidv7(), body: 'Build 412 is green ✅, 大家好' });
      request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
        .on('response', (response) => {
          if (response.statusCode !== 201) reject(new Error(`a post was answered with ${response.statusCode}`));
          response.resume().on('end', resolve);
        })
        .on('error', reject)
        .end(body);
    });
}

/** Sends through a socket; acknowledgements come in any order, so the oldest who waits goes on. */
async function sender(server: ServerUnderTest, { token }: Guest, conversationId: string): Promise<() => Promise<void>> {
  const client = await WireClient.open(server.url, 'cloudhop', { token });
  const waiting: (() => void)[] = [];
  client.onAcknowledgement = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      const body = 'Build 412 is green ✅, 大家好';
      client.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body }));
    });
}

async function makeRoom(
  server: ServerUnderTest,
  owner: Guest,
  members: readonly Guest[],
): Promise<{ id: string; slug: string }> {
  const response = await fetch(`${server.url}/api/rooms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `Builds ${uuidv7()}` }),
  });
  const room = (await response.json()) as { id: string; slug: string };
  await withDatabase((client) =>
    client.query(
      `insert into memberships (conversation_id, user_id, state, joined_at) select $1, unnest($2::uuid[]), 'joined', now()`,
      [room.id, members.map(({ userId }) => userId)],
    ),
  );
  return room;
}
