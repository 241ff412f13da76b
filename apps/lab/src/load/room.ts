import { Crowd, type RoomPhase } from './crowd';
import { busyShare, perUnit } from './phase';
import { cell, table, verdict } from './report';
import { type ServerKind, serverNames } from './server-under-test';

export interface RoomOptions {
  members: readonly number[];
  seconds: number;
  /** Deliveries per second with which the doubling begins. */
  firstDeliveries: number;
  profileFolder?: string | undefined;
}

interface Saturation {
  kind: ServerKind;
  members: number;
  steps: RoomPhase[];
  full: RoomPhase;
  half: RoomPhase;
}

const highestRate = 25_600;
const kinds: ServerKind[] = ['cloudhop', 'socket.io', 'ws'];

/** One room: rates that double until the server can't follow, then half of what it reached. */
export async function room(options: RoomOptions): Promise<string[]> {
  const lines: string[] = [];
  for (const members of options.members) {
    const found: Saturation[] = [];
    for (const kind of kinds) found.push(await saturate(kind, members, options));
    lines.push(...report(members, options.seconds, found));
  }
  return lines;
}

async function saturate(
  kind: ServerKind,
  members: number,
  { seconds, firstDeliveries, profileFolder }: RoomOptions,
): Promise<Saturation> {
  const crowd = await Crowd.enter(kind, members, kind === 'cloudhop' ? profileFolder : undefined);
  try {
    const steps: RoomPhase[] = [];
    const first = firstDeliveries / members;
    // What the compiler has not seen yet is not what is measured.
    await crowd.run(first, seconds / 2);
    for (let rate = first; rate <= highestRate; rate *= 2) {
      const step = await crowd.run(rate, seconds);
      steps.push(step);
      if (isSaturated(step, members)) break;
    }
    const full = steps.at(-1)!;
    const half = await crowd.run(reachedRate(full, members) / 2, seconds);
    return { kind, members, steps, full, half };
  } finally {
    await crowd.leave();
  }
}

/** A busy core alone says nothing: who writes in batches uses what is there, and bears far more. */
function isSaturated(phase: RoomPhase, members: number): boolean {
  return phase.deliveries < 0.95 * phase.sent * members || phase.p99Ms > 1_000;
}

/** Messages a second that all members received. */
function reachedRate(phase: RoomPhase, members: number): number {
  return phase.deliveries / phase.seconds / members;
}

function cpuPerDelivery(phase: RoomPhase): number {
  return perUnit(phase.serverMs + phase.postgresMs, phase.deliveries);
}

function cells(phase: RoomPhase): string[] {
  return [
    cell(phase.deliveries / phase.seconds),
    cell(cpuPerDelivery(phase)),
    cell(perUnit(phase.serverMs, phase.deliveries)),
    cell(perUnit(phase.postgresMs, phase.deliveries)),
    cell(phase.p50Ms),
    cell(phase.p99Ms),
    `${Math.round(busyShare(phase) * 100)} %`,
    cell(perUnit(phase.generatorMs, phase.deliveries)),
    `${Math.round((phase.generatorMs / phase.seconds / 1_000) * 100)} %`,
  ];
}

const measures = [
  'deliveries/s',
  'server CPU µs per delivery',
  'of it server process',
  'of it PostgreSQL',
  'p50 ms',
  'p99 ms',
  'server core busy',
  'generator µs per delivery',
  'generator core busy',
];

function report(members: number, seconds: number, found: readonly Saturation[]): string[] {
  const [ours, socketIo, ws] = found as [Saturation, Saturation, Saturation];
  const sideBySide = found
    .flatMap(({ kind, steps }) => steps.map((step) => ({ kind, step })))
    .sort((a, b) => a.step.rate - b.step.rate || kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const [full, half] = [cpuPerDelivery(ours.full), cpuPerDelivery(ours.half)];
  const [ioFull, ioHalf] = [cpuPerDelivery(socketIo.full), cpuPerDelivery(socketIo.half)];
  return [
    `### One room of ${members.toLocaleString('en')}`,
    '',
    'At saturation, and at half of what each server reached there:',
    '',
    ...table(
      ['server', 'at', 'messages/s asked', ...measures],
      found.flatMap(({ kind, full, half }) => [
        [serverNames[kind], 'saturation', cell(full.rate), ...cells(full)],
        [serverNames[kind], 'half', cell(half.rate), ...cells(half)],
      ]),
    ),
    '',
    ...table(
      ['aim', 'measured', ''],
      [
        verdict(
          'at saturation at most half of bare Socket.IO',
          full <= ioFull / 2,
          `${cell(full)} of ${cell(ioFull)} µs`,
        ),
        verdict(
          'at saturation below bare ws',
          full < cpuPerDelivery(ws.full),
          `${cell(full)}, ws ${cell(cpuPerDelivery(ws.full))} µs`,
        ),
        verdict(
          'at half of it no more than bare Socket.IO',
          half <= ioHalf,
          `${cell(half)}, Socket.IO ${cell(ioHalf)} µs`,
        ),
        verdict('at half of it p99 below 100 ms', ours.half.p99Ms < 100, `${cell(ours.half.p99Ms)} ms`),
      ],
    ),
    '',
    `Side by side, ${seconds} s at each rate:`,
    '',
    ...table(
      ['messages/s asked', 'server', 'refused', ...measures],
      sideBySide.map(({ kind, step }) => [cell(step.rate), serverNames[kind], String(step.refused), ...cells(step)]),
    ),
    '',
  ];
}
