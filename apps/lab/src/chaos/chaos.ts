import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { limits } from '@cloudhop/contracts';
import { writeTable } from '../tables';
import { BanWatch } from './ban-watch';
import { Faults } from './faults';
import { Ledger } from './ledger';
import { useDevice } from './person';
import { PresenceWatch } from './presence-watch';
import { makePrivateRoom } from './private-room';
import { Chance } from '../chance';
import { type Run, resultTable, tellResult } from './report';
import { planFaults } from './schedule';
import { readHead, readLog } from './stored-log';
import { until } from './until';
import { type Verdict, type Watched, judge, problemsOf, staleLines, verdictLine } from './verdict';
import { type World, makeWorld } from './world';

/** After the last fault clients have this long to agree with the server … */
const settleMs = 30_000;
/** … and longer where there is more to read: an hour leaves tens of thousands of messages. */
const settleShare = 0.02;
/** Reading and judging the whole history comes after that. Whatever hangs, the program ends by then. */
const spareMs = 75_000;
/** Time to start all servers and to let everybody in: seconds on a machine with nothing else to do. */
const startMs = 240_000;
const spareShare = 0.06;
/** Deletions leave sooner than people need, so that a short run sees many. */
const undoDeleteMs = 700;

export const chaosUsage =
  'chaos [--minutes 1 | --seconds 90] [--nodes 2] [--without-redis] [--patience 1] [--seed 7] [--write]: several servers, one Postgres and one Redis that die, and whether every promise is kept';

/** Ports and memory of one machine. */
const mostNodes = 9;

interface ChaosOptions {
  runMs: number;
  nodes: number;
  /** False: the servers know nothing of each other. */
  hasRedis: boolean;
  /** Multiplies the time to settle. 1 is for a machine that has nothing else to do. */
  patience: number;
  seed: string;
  /** Puts the result into docs/reliability.md. */
  isWritten: boolean;
}

/** Several servers, one database, real clients, and everything that can go wrong: then whether every promise was kept. */
export async function chaos(args: string[]): Promise<void> {
  const options = readOptions(args);
  const replay = [
    `npm run lab -- chaos --seconds ${options.runMs / 1_000} --nodes ${options.nodes} --seed ${options.seed}`,
    ...(options.hasRedis ? [] : ['--without-redis']),
  ].join(' ');
  const deadline = new Deadline(() => {
    process.stdout.write(`It did not end in time. Again: ${replay}\n`);
    process.exit(1);
  });
  deadline.set(startMs);
  limits.undoDeleteMs = undoDeleteMs;
  const databaseUrl = process.env['DATABASE_URL'];
  if (databaseUrl === undefined) throw new Error('the lab is started by npm run lab, which brings a Postgres');
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-chaos-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const chance = new Chance(options.seed);
  const world = await makeWorld({ databaseUrl, folder, ...options }, chance);
  const run = await play(world, options, chance, () =>
    deadline.set((1 + spareShare) * options.runMs + options.patience * spareMs),
  );
  await world.close();
  const { verdict, deaths } = run;
  tellResult({ verdict, world, replay, deaths });
  const table = resultTable(world, run, options.runMs);
  process.stdout.write(`${table.join('\n')}\n${verdictLine(verdict)}\n`);
  if (options.isWritten) writeTable('docs/reliability.md', options.hasRedis ? 'chaos-redis' : 'chaos', table);
  const isKept = problemsOf(verdict).every(([, sentences]) => sentences.length === 0) && deaths === 0;
  process.exit(isKept ? 0 : 1);
}

/** Calls a function unless it is set anew in time. */
class Deadline {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly missed: () => void) {}

  set(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.missed, ms).unref();
  }
}

function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 100_000) },
      nodes: { type: 'string', default: '2' },
      patience: { type: 'string', default: '1' },
      'without-redis': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const nodes = Number(values.nodes);
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= mostNodes))
    throw new Error(`--nodes takes a number from 1 to ${mostNodes}`);
  const runMs = values.seconds === undefined ? Number(values.minutes) * 60_000 : Number(values.seconds) * 1_000;
  if (!(runMs > 0)) throw new Error('--minutes and --seconds take a number above 0');
  const patience = Number(values.patience);
  if (!(patience >= 1)) throw new Error('--patience takes a number from 1');
  return { runMs, patience, nodes, hasRedis: !values['without-redis'], seed: values.seed, isWritten: values.write };
}

async function play(
  world: World,
  { runMs, seed, patience }: ChaosOptions,
  chance: Chance,
  onBegin: () => void,
): Promise<Run> {
  const { nodes, devices, moderator, rude } = world;
  await Promise.all(nodes.map((node) => node.start()));
  await moderator.start();
  await moderator.whenSynced();
  const room = await makePrivateRoom(moderator);
  // The first device of a person makes the guest, the others find its cookie.
  for (const device of devices) {
    await device.start();
    await device.whenSynced();
    await device.joinRoom(room);
  }
  const watchers = new Ledger();
  const presence = await PresenceWatch.start(nodes, room, watchers, chance.branch('observers'));
  rude.onPresence = (userId, isHere) =>
    isHere ? presence.departures.delete(userId) : presence.left(userId, 'the rude client');
  const plan = planFaults(chance.branch('faults'), runMs, {
    devices: devices.length,
    nodes: nodes.length,
    hasDisks: world.disks !== undefined,
    hasRedis: world.redis !== undefined,
  });
  process.stdout.write(`${devices.length} devices, ${nodes.length} servers, ${plan.length} faults, seed ${seed}\n`);
  onBegin();
  const beganAt = Date.now();
  const tell = (line: string) =>
    process.stdout.write(`${((Date.now() - beganAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  const faults = new Faults(world, tell);
  const bans = new BanWatch(nodes, room, faults.weather, (userId, name) => presence.left(userId, name));
  let isOver = false;
  const using = [
    ...devices.map((device) => useDevice(device, chance.branch(device.name), () => isOver)),
    ...['one', 'two'].map((name) => bans.watch(chance.branch(`bans ${name}`), () => isOver)),
    presence.watch(chance.branch('presence'), () => isOver),
  ];
  for (const fault of plan) {
    await wait(Math.max(0, beganAt + fault.atMs - Date.now()));
    void faults.happen(fault).catch((error: unknown) => tell(`a fault failed: ${String(error)}`));
  }
  await wait(Math.max(0, beganAt + runMs - Date.now()));
  isOver = true;
  tell('everything heals');
  const healMs = patience * (settleMs + settleShare * runMs);
  const deadline = Date.now() + healMs;
  await Promise.race([Promise.all([faults.heal(), ...using]), wait(healMs)]);
  for (const device of [...devices, moderator]) device.client.tryNow();
  const everybody = [...devices, moderator, ...presence.observers];
  await until(() => everybody.every((device) => device.client.view.connection.phase === 'live'), deadline);
  // Without Redis each server knows its own people only.
  if (world.redis) await presence.compare([...devices, moderator]);
  const watched = (): Watched => ({
    presence: presence.problems,
    afterBan: bans.problems,
    ledgers: [watchers, bans.ledger],
  });
  const verdict = await settle(world, deadline, watched);
  tell('judged');
  return { faults, verdict, deaths: nodes.reduce((sum, node) => sum + node.deaths, 0), presence, bans };
}

/** Waits until everybody agrees with the server, or until there is no more time, and judges. */
async function settle(world: World, deadline: number, watched: () => Watched): Promise<Verdict> {
  const { postgres, devices, ledger, url } = world;
  const conversationId = devices.map(({ lobbyId }) => lobbyId).find((id) => id !== undefined)!;
  const states = () => Promise.all(devices.map((device) => device.state()));
  const isQuiet = async () => {
    const { rev } = await readHead(postgres, conversationId, deadline + settleMs);
    return (await states()).every((state) => state.rev === rev && state.outbox.length === 0);
  };
  for (;;) {
    await until(isQuiet, deadline);
    // Also when they did not agree in time: then it is to be said in what.
    const readBy = Math.max(deadline, Date.now() + settleMs);
    const log = await readLog(postgres, url, conversationId, readBy);
    const ends = await states();
    const isSettled = ends.every((device) => staleLines(device, log).length === 0);
    if (isSettled || Date.now() > deadline) {
      const verdict = judge(ledger, log, ends, watched());
      for (const { name, signedOut } of devices) if (signedOut > 0) verdict.stale.push(`${name} was signed out`);
      return verdict;
    }
    await wait(500);
  }
}
