import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { limits } from '@cloudhop/contracts';
import { writeTable } from '../tables';
import { Faults } from './faults';
import { useDevice } from './person';
import { Chance } from '../chance';
import { resultTable, tellResult } from './report';
import { planFaults } from './schedule';
import { readHead, readLog } from './stored-log';
import { type Verdict, judge, staleLines } from './verdict';
import { type World, makeWorld } from './world';

/** After the last fault clients have this long to agree with the server … */
const settleMs = 30_000;
/** … and longer where there is more to read: an hour leaves tens of thousands of messages. */
const settleShare = 0.02;
/** Reading and judging the whole history comes after that. Whatever hangs, the program ends by then. */
const spareMs = 65_000;
const spareShare = 0.06;
/** Deletions leave sooner than people need, so that a short run sees many. */
const undoDeleteMs = 700;

export const chaosUsage =
  'chaos [--minutes 1 | --seconds 90] [--seed 7] [--write]: two servers and one database that die, and whether every promise is kept';

interface ChaosOptions {
  runMs: number;
  seed: string;
  /** Puts the result into docs/reliability.md. */
  isWritten: boolean;
}

/** Two servers, one database, real clients, and everything that can go wrong: then whether every promise was kept. */
export async function chaos(args: string[]): Promise<void> {
  const options = readOptions(args);
  const replay = `npm run lab -- chaos --seconds ${options.runMs / 1_000} --seed ${options.seed}`;
  setTimeout(
    () => {
      process.stdout.write(`It did not end in time. Again: ${replay}\n`);
      process.exit(1);
    },
    (1 + spareShare) * options.runMs + spareMs,
  ).unref();
  limits.undoDeleteMs = undoDeleteMs;
  const databaseUrl = process.env['DATABASE_URL'];
  if (databaseUrl === undefined) throw new Error('the lab is started by npm run lab, which brings a Postgres');
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-chaos-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const chance = new Chance(options.seed);
  const world = await makeWorld(databaseUrl, folder, chance);
  const { faults, verdict, deaths } = await play(world, options, chance);
  tellResult({ verdict, world, replay, deaths });
  if (options.isWritten) writeTable('docs/reliability.md', 'chaos', resultTable(world, faults, verdict, options.runMs));
  process.stdout.write(`${resultTable(world, faults, verdict, options.runMs).join('\n')}\n`);
  const { acknowledged, lost, doubled, misordered, stale, leaked } = verdict;
  process.stdout.write(
    `acknowledged ${acknowledged}, lost ${lost.length}, doubled ${doubled.length}, misordered ${misordered.length}, stale ${stale.length}, leaked ${leaked.length}\n`,
  );
  const isKept = [lost, doubled, misordered, stale, leaked].every((problems) => problems.length === 0) && deaths === 0;
  process.exit(isKept ? 0 : 1);
}

function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 100_000) },
      write: { type: 'boolean', default: false },
    },
  });
  const runMs = values.seconds === undefined ? Number(values.minutes) * 60_000 : Number(values.seconds) * 1_000;
  if (!(runMs > 0)) throw new Error('--minutes and --seconds take a number above 0');
  return { runMs, seed: values.seed, isWritten: values.write };
}

async function play(world: World, { runMs, seed }: ChaosOptions, chance: Chance) {
  await Promise.all(world.nodes.map((node) => node.start()));
  // The first device of a person makes the guest, the others find its cookie.
  for (const device of world.devices) {
    await device.start();
    await until(() => device.lobbyId !== undefined, Date.now() + 10_000);
  }
  const plan = planFaults(chance.branch('faults'), runMs, world.devices.length, world.disks !== undefined);
  process.stdout.write(`${world.devices.length} devices, ${plan.length} faults, seed ${seed}\n`);
  const beganAt = Date.now();
  const tell = (line: string) =>
    process.stdout.write(`${((Date.now() - beganAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  const faults = new Faults(world, tell);
  let isOver = false;
  const using = world.devices.map((device) => useDevice(device, chance.branch(device.name), () => isOver));
  for (const fault of plan) {
    await wait(Math.max(0, beganAt + fault.atMs - Date.now()));
    void faults.happen(fault).catch((error: unknown) => tell(`a fault failed: ${String(error)}`));
  }
  await wait(Math.max(0, beganAt + runMs - Date.now()));
  isOver = true;
  tell('everything heals');
  const healMs = settleMs + settleShare * runMs;
  const deadline = Date.now() + healMs;
  await Promise.race([Promise.all([faults.heal(), ...using]), wait(healMs)]);
  for (const device of world.devices) device.client.tryNow();
  const verdict = await settle(world, deadline);
  tell('judged');
  const deaths = world.nodes.reduce((sum, node) => sum + node.deaths, 0);
  return { faults, verdict, deaths };
}

/** Waits until everybody agrees with the server, or until there is no more time, and judges. */
async function settle(world: World, deadline: number): Promise<Verdict> {
  const { postgres, devices, nodes, ledger } = world;
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
    const log = await readLog(postgres, `http://127.0.0.1:${nodes[0]!.port}`, conversationId, readBy);
    const ends = await states();
    const isSettled = ends.every((device) => staleLines(device, log).length === 0);
    if (isSettled || Date.now() > deadline) {
      const verdict = judge(ledger, log, ends);
      for (const { name, signedOut } of devices) if (signedOut > 0) verdict.stale.push(`${name} was signed out`);
      return verdict;
    }
    await wait(500);
  }
}

async function until(condition: () => boolean | Promise<boolean>, deadline: number): Promise<void> {
  while (!(await condition()) && Date.now() < deadline) await wait(50);
}
