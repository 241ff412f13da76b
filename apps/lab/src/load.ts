import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Session, SyncReply } from '@cloudhop/contracts';
import { type Socket, io } from 'socket.io-client';
import { v7 as uuidv7 } from 'uuid';
import { type ServerUnderTest, startApi, startBare } from './server-under-test';

interface Room {
  conversationId: string;
  sockets: Socket[];
}

interface Measure {
  server: string;
  rate: number;
  sent: number;
  deliveries: number;
  cpuPerDeliveryUs: number;
  p50Ms: number;
  p99Ms: number;
}

/** One room of N people at rising rates: server CPU per delivered message, beside the baseline, in one run. */
export async function load(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: {
      clients: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '5' },
      rates: { type: 'string', default: '100,400,1600' },
    },
  });
  const [clients, seconds] = [Number(values.clients), Number(values.seconds)];
  const rates = values.rates.split(',').map(Number);
  const rows: Measure[] = [];
  for (const [name, start, enter] of [
    ['Cloudhop, durable', startApi, enterLobby],
    ['bare Socket.IO, stores nothing', startBare, enterBare],
  ] as const) {
    const server = await start();
    const room = await enter(server.url, clients);
    for (const rate of rates) rows.push(await measure(name, server, room, rate, seconds));
    for (const socket of room.sockets) socket.disconnect();
    await server.stop();
  }
  const cell = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  const lines = rows.map(
    (row) =>
      `| ${row.server} | ${row.rate} | ${row.sent} | ${row.deliveries} | ${cell(row.cpuPerDeliveryUs)} | ${cell(row.p50Ms)} | ${cell(row.p99Ms)} |`,
  );
  process.stdout.write(
    [
      `One room of ${clients}, ${seconds} s each`,
      '| server | rate asked, messages/s | sent | messages delivered | server CPU µs per delivered message | p50 ms | p99 ms |',
      '|---|---|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n'),
  );
}

async function enterLobby(url: string, clients: number): Promise<Room> {
  const sockets: Socket[] = [];
  for (let n = 0; n < clients; n++) {
    const response = await fetch(`${url}/api/auth/guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const { accessToken } = (await response.json()) as Session;
    sockets.push(await connected(io(url, { transports: ['websocket'], forceNew: true, auth: { token: accessToken } })));
  }
  const reply = (await sockets[0]!.emitWithAck('feed:sync', { conversations: [] })) as { data: SyncReply };
  if (!('reset' in reply.data.personal)) throw new Error('a first sync answers a reset');
  return { conversationId: reply.data.personal.reset.lobbyId, sockets };
}

async function enterBare(url: string, clients: number): Promise<Room> {
  const sockets: Socket[] = [];
  for (let n = 0; n < clients; n++)
    sockets.push(await connected(io(url, { transports: ['websocket'], forceNew: true })));
  return { conversationId: 'room', sockets };
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

/** Sends at a rate from all clients in turn, and counts what everyone receives. */
async function measure(
  name: string,
  server: ServerUnderTest,
  room: Room,
  rate: number,
  seconds: number,
): Promise<Measure> {
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  let deliveries = 0;
  const receive = ({ changes }: { changes: { id?: string; message?: { id: string } }[] }) => {
    deliveries += changes.length;
    for (const { id, message } of changes) {
      const at = sentAt.get(message?.id ?? id ?? '');
      if (at !== undefined) latencies.push(performance.now() - at);
    }
  };
  for (const socket of room.sockets) socket.on('conversation:changed', receive);
  const cpuBefore = server.cpuMs();
  const began = performance.now();
  let sent = 0;
  for (; performance.now() - began < seconds * 1_000; await wait(5)) {
    const due = Math.floor(((performance.now() - began) / 1_000) * rate);
    for (; sent < due; sent++) {
      const id = uuidv7();
      sentAt.set(id, performance.now());
      room.sockets[sent % room.sockets.length]!.emit(
        'message:send',
        { conversationId: room.conversationId, id, body: 'a message of ordinary length, 大家好' },
        () => undefined,
      );
    }
  }
  for (let quiet = deliveries, idle = 0; idle < 5; quiet = deliveries) {
    await wait(200);
    idle = deliveries === quiet ? idle + 1 : 0;
  }
  for (const socket of room.sockets) socket.off('conversation:changed', receive);
  latencies.sort((a, b) => a - b);
  return {
    server: name,
    rate,
    sent,
    deliveries,
    cpuPerDeliveryUs: ((server.cpuMs() - cpuBefore) * 1_000) / Math.max(1, deliveries),
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? NaN,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
  };
}
