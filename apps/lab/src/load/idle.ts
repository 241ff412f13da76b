import { setTimeout as wait } from 'node:timers/promises';
import { type Guest, inTurn, makeGuests } from './guests';
import { openFilesLimit } from './processes';
import { cell, table, verdict } from './report';
import { type ServerKind, serverNames, startServer } from './server-under-test';
import { WireClient } from './wire-client';

export interface IdleOptions {
  connections: number;
}

interface IdleCost {
  kind: ServerKind;
  kibEach: number;
  cpuMsEach: number;
  postgresMsEach: number;
  postgresKib: number;
}

const aims = { kib: 28, cpuMs: 1.2 };
/** Connections that are there before the measure, so that what a first connection loads or compiles is not counted. */
const warmUp = 100;
/** Long enough for what the handshakes left behind to be collected or not, as it would be in life. */
const quietMs = 4_000;

/** People who are connected and do nothing. */
export async function idle({ connections }: IdleOptions): Promise<string[]> {
  // Both ends may have that many open, each in its own process.
  const needed = connections + warmUp + 200;
  if (openFilesLimit() < needed) {
    return [
      `Skipped: ${needed} open files are needed and ${openFilesLimit()} allowed; raise it with \`ulimit -n ${needed}\`.`,
      '',
    ];
  }
  const found: IdleCost[] = [];
  for (const kind of ['cloudhop', 'socket.io', 'ws'] as const) found.push(await connectAll(kind, connections));
  const ours = found[0]!;
  return [
    `${connections.toLocaleString('en')} connections that do nothing; Cloudhop's are guests who were let in with a token and follow the lobby and their personal feed, and have not asked for a first sync:`,
    '',
    ...table(
      [
        'server',
        'KiB per connection',
        'server CPU ms to connect',
        'of it PostgreSQL',
        'PostgreSQL grew by MiB, all together',
      ],
      found.map((cost) => [
        serverNames[cost.kind],
        cell(cost.kibEach),
        cell(cost.cpuMsEach),
        cell(cost.postgresMsEach),
        cost.kind === 'cloudhop' ? cell(Math.max(0, cost.postgresKib / 1024)) : '–',
      ]),
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [
        verdict(`at most ${aims.kib} KiB per connection`, ours.kibEach <= aims.kib, `${cell(ours.kibEach)} KiB`),
        verdict(`at most ${aims.cpuMs} ms to connect`, ours.cpuMsEach <= aims.cpuMs, `${cell(ours.cpuMsEach)} ms`),
      ],
    ),
    '',
  ];
}

async function connectAll(kind: ServerKind, connections: number): Promise<IdleCost> {
  const guests = kind === 'cloudhop' ? await makeElsewhere(connections + warmUp) : [];
  const server = await startServer(kind);
  const open = (n: number) => {
    const token = guests[n]?.token;
    return WireClient.open(server.url, kind, token === undefined ? {} : { token });
  };
  const clients = await inTurn(warmUp, open);
  await wait(quietMs);
  const [cpuBefore, kibBefore, postgresBefore] = [server.cpu(), server.rssKib(), server.postgresKib()];
  clients.push(...(await inTurn(connections, (n) => open(warmUp + n))));
  const cpu = server.cpu();
  await wait(quietMs);
  if (clients.some(({ isOpen }) => !isOpen)) throw new Error('a connection was closed while nothing happened');
  const postgresMs = cpu.postgresMs - cpuBefore.postgresMs;
  const cost: IdleCost = {
    kind,
    kibEach: (server.rssKib() - kibBefore) / connections,
    cpuMsEach: (cpu.serverMs - cpuBefore.serverMs + postgresMs) / connections,
    postgresMsEach: postgresMs / connections,
    postgresKib: server.postgresKib() - postgresBefore,
  };
  for (const client of clients) client.close();
  await server.stop();
  return cost;
}

/** Guests made by a process that ends: what making them left in its memory would hide what connections need. */
async function makeElsewhere(count: number): Promise<Guest[]> {
  const server = await startServer('cloudhop');
  const guests = await makeGuests(server, count);
  await server.stop();
  return guests;
}
