import { readFileSync } from 'node:fs';
import type { Faults } from './faults';
import type { AcknowledgedChange } from './ledger';
import { faultNames } from './schedule';
import type { Verdict } from './verdict';
import type { World } from './world';

/** Of each kind of problem, so many are told in full. */
const mostDetails = 10;
const logLines = 15;

/** Faults of a run and its verdict. */
export function resultTable(world: World, faults: Faults, verdict: Verdict, runMs: number): string[] {
  const { ledger, devices } = world;
  const sends = [...ledger.sends.values()];
  const changes = (kind: AcknowledgedChange['kind']) => ledger.changes.filter((change) => change.kind === kind).length;
  const waits = sends.flatMap(({ acknowledgedAt, queuedAt }) =>
    acknowledgedAt === undefined ? [] : [acknowledgedAt - queuedAt],
  );
  const rows: [string, string | number][] = [
    ...Object.entries(faultNames).map(([kind, name]): [string, number] => [
      name,
      faults.counts.get(kind as keyof typeof faultNames) ?? 0,
    ]),
    ['PostgreSQL ended by a full write-ahead log', occurrences(world.postgresLog, 'PANIC:')],
    ['log lines of writes that found no room', world.logs.reduce((sum, log) => sum + occurrences(log, '"53100"'), 0)],
    ['run', `${runMs / 1_000} s, ${devices.length} devices, 2 API processes`],
    ['messages acknowledged', verdict.acknowledged],
    ['edits, deletions, reactions acknowledged', `${changes('edit')}, ${changes('delete')}, ${changes('react')}`],
    ['longest wait of a message for its acknowledgement', `${(Math.max(0, ...waits) / 1_000).toFixed(1)} s`],
    ['messages lost', verdict.lost.length],
    ['messages doubled', verdict.doubled.length],
    ['messages out of order', verdict.misordered.length],
    ['devices that differ from the server', verdict.stale.length],
    ['deleted texts told', verdict.leaked.length],
  ];
  return ['| what | how often |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
}

/** Everything that went wrong, and how to see it again. */
export function tellResult(result: { verdict: Verdict; world: World; replay: string; deaths: number }): void {
  const { verdict, world, replay, deaths } = result;
  const problems = {
    lost: verdict.lost,
    doubled: verdict.doubled,
    misordered: verdict.misordered,
    stale: verdict.stale,
    leaked: verdict.leaked,
  };
  const lines = Object.entries(problems).flatMap(([name, sentences]) =>
    sentences.length === 0 ? [] : [`${name}:`, ...sentences.slice(0, mostDetails).map((sentence) => `  ${sentence}`)],
  );
  if (deaths > 0) lines.push(`An API process ended ${deaths} times by itself. The end of what the servers wrote:`);
  if (deaths > 0) for (const log of world.logs) lines.push(...tail(log));
  if (lines.length > 0) process.stdout.write(`${[...lines, `Again: ${replay}`].join('\n')}\n`);
}

function occurrences(file: string | undefined, text: string): number {
  return file === undefined ? 0 : readFileSync(file, 'utf8').split(text).length - 1;
}

function tail(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-logLines);
}
