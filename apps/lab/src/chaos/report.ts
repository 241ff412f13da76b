import { readFileSync } from 'node:fs';
import type { Faults } from './faults';
import type { AcknowledgedChange } from './ledger';
import type { BanWatch } from './ban-watch';
import type { PresenceWatch } from './presence-watch';
import { type FaultKind, faultNames, isOfRedis } from './schedule';
import { type Verdict, problemsOf } from './verdict';
import type { World } from './world';

/** Of each kind of problem, so many are told in full. */
const mostDetails = 10;
const logLines = 15;

/** A run that is over. */
export interface Run {
  faults: Faults;
  verdict: Verdict;
  /** Number of times that a server ended by itself. */
  deaths: number;
  presence: PresenceWatch;
  bans: BanWatch;
}

/** Faults of a run and its verdict. */
export function resultTable(world: World, { faults, verdict, presence, bans }: Run, runMs: number): string[] {
  const { ledger, devices, nodes, redis, intruder } = world;
  const sends = [...ledger.sends.values()];
  const changes = (kind: AcknowledgedChange['kind']) => ledger.changes.filter((change) => change.kind === kind).length;
  const waits = sends.flatMap(({ acknowledgedAt, queuedAt }) =>
    acknowledgedAt === undefined ? [] : [acknowledgedAt - queuedAt],
  );
  const rows: [string, string | number][] = [
    ...(Object.entries(faultNames) as [FaultKind, string][])
      .filter(([kind]) => redis !== undefined || !isOfRedis(kind))
      .map(([kind, name]): [string, number] => [name, faults.counts.get(kind) ?? 0]),
    ['PostgreSQL ended by a full write-ahead log', occurrences(world.postgresLog, 'PANIC:')],
    ['log lines of writes that found no room', world.logs.reduce((sum, log) => sum + occurrences(log, '"53100"'), 0)],
    ...(intruder
      ? [
          [
            'messages of an intruder, and those that reached a server',
            `${intruder.published}, ${intruder.delivered}`,
          ] as [string, string],
        ]
      : []),
    ['run', `${runMs / 1_000} s, ${devices.length} devices, ${nodes.length} API processes`],
    ['messages acknowledged', verdict.acknowledged],
    ['edits, deletions, reactions acknowledged', `${changes('edit')}, ${changes('delete')}, ${changes('react')}`],
    ['longest wait of a message for its acknowledgement', `${(Math.max(0, ...waits) / 1_000).toFixed(1)} s`],
    ['messages lost', verdict.lost.length],
    ['messages doubled', verdict.doubled.length],
    ['messages out of order', verdict.misordered.length],
    ['devices that differ from the server', verdict.stale.length],
    ['deleted texts told', verdict.leaked.length],
    ['lists of who is present that were read', presence.listed],
    ['users who left for good', presence.departures.size],
    ...(redis
      ? [
          [
            'servers agreed on who is present after healing',
            presence.agreedAfterMs === undefined ? 'no' : `within ${(presence.agreedAfterMs / 1_000).toFixed(1)} s`,
          ] as [string, string],
        ]
      : []),
    ['users listed who left, or not listed who are here', verdict.presence.length],
    ['bans and removals while others talked on', bans.watched],
    ['deliveries after a ban or removal', verdict.afterBan.length],
    ['forged messages that arrived', verdict.forged.length],
  ];
  return ['| what | how often |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
}

/** Everything that went wrong, and how to see it again. */
export function tellResult(result: { verdict: Verdict; world: World; replay: string; deaths: number }): void {
  const { verdict, world, replay, deaths } = result;
  const lines = problemsOf(verdict).flatMap(([name, sentences]) =>
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
