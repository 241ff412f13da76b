import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { makeGuests } from './guests';
import { Latencies } from './latencies';
import { type Phase, measured } from './phase';
import { cell, table, verdict } from './report';
import { type ServerUnderTest, startServer } from './server-under-test';
import { WireClient } from './wire-client';

export interface LogInsOptions {
  members: number;
  seconds: number;
}

interface Talk {
  p50Ms: number;
  p99Ms: number;
}

const password = 'correct horse battery';
/** Of one guest in the lobby: as many as a lively one has. */
const sendEveryMs = 20;
const aimRatio = 2;

/** Somebody talks in the lobby, first alone and then while members log in, as many at once as there are. */
export async function logIns({ members, seconds }: LogInsOptions): Promise<string[]> {
  const server = await startServer('cloudhop');
  const [guest] = await makeGuests(server, 1);
  const names = Array.from({ length: members }, (_, n) => `member_${n}`);
  for (const username of names) await post(server, '/auth/register', { username, password });
  const talker = await WireClient.open(server.url, 'cloudhop', { token: guest!.token });
  const lobbyId = await findLobby(server, guest!.token);
  await talk(talker, lobbyId, seconds * 1_000);
  const alone = await talk(talker, lobbyId, seconds * 1_000);
  const { beside, phase } = await talkWhile(server, talker, lobbyId, names);
  talker.close();
  await server.stop();
  return report({ alone, beside, phase, members });
}

async function talkWhile(
  server: ServerUnderTest,
  talker: WireClient,
  lobbyId: string,
  names: readonly string[],
): Promise<{ beside: Talk; phase: Phase }> {
  let isOver = false;
  const talking = talk(talker, lobbyId, Infinity, () => isOver);
  const phase = await measured(server, async () => {
    await Promise.all(names.map((username) => post(server, '/auth/login', { username, password })));
  });
  isOver = true;
  return { beside: await talking, phase };
}

async function post(server: ServerUnderTest, path: string, body: object): Promise<Session> {
  const response = await fetch(`${server.url}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Session;
}

async function findLobby(server: ServerUnderTest, token: string): Promise<string> {
  const response = await fetch(`${server.url}/api/conversations`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await response.json()) as { items: { id: string; kind: string }[] };
  return items.find(({ kind }) => kind === 'lobby')!.id;
}

/** Sends at an even pace, and takes the time until each acknowledgement from the moment it was due. */
async function talk(client: WireClient, lobbyId: string, ms: number, isOver = () => false): Promise<Talk> {
  const latencies = new Latencies();
  const due: number[] = [];
  client.onAcknowledgement = () => latencies.add(performance.now() - due.shift()!);
  const began = performance.now();
  for (let n = 0; performance.now() - began < ms && !isOver(); n++) {
    const at = began + n * sendEveryMs;
    await wait(Math.max(0, at - performance.now()));
    due.push(at);
    client.emit('message:send', JSON.stringify({ conversationId: lobbyId, id: uuidv7(), body: `message ${n}` }));
  }
  while (due.length > 0) await wait(10);
  return { p50Ms: latencies.percentile(0.5), p99Ms: latencies.percentile(0.99) };
}

function report({ alone, beside, phase, members }: { alone: Talk; beside: Talk; phase: Phase; members: number }) {
  const perLogIn = (ms: number) => cell(ms / members);
  return [
    `${members} members log in at once while a guest sends ${1_000 / sendEveryMs} messages a second to the lobby:`,
    '',
    ...table(
      ['', 'send p50 ms', 'send p99 ms'],
      [
        ['nobody logs in', cell(alone.p50Ms), cell(alone.p99Ms)],
        [`${members} log in`, cell(beside.p50Ms), cell(beside.p99Ms)],
      ],
    ),
    '',
    ...table(
      ['log-ins/s', 'server CPU ms per log-in', 'of it server process', 'of it PostgreSQL'],
      [
        [
          cell(members / phase.seconds),
          perLogIn(phase.serverMs + phase.postgresMs),
          perLogIn(phase.serverMs),
          perLogIn(phase.postgresMs),
        ],
      ],
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [
        verdict(
          `p99 of a send within ${aimRatio} times its idle value`,
          beside.p99Ms <= aimRatio * alone.p99Ms,
          `${cell(beside.p99Ms)} of ${cell(alone.p99Ms)} ms`,
        ),
      ],
    ),
    '',
  ];
}
