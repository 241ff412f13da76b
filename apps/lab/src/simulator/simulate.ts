import { limits } from '@cloudhop/contracts';
import { isCaughtUp } from '@cloudhop/sdk/testing';
import * as fc from 'fast-check';
import { clear } from './weather';
import { type Step, aProgram, framesOf, perform, simulatedLimits } from './program';
import type { Tab } from './tab';
import type { Counts } from './parts';
import { type Setting, World } from './world';

/** Worlds that differ in what can go wrong between their parts. */
export const settings = {
  /** Three servers, and everybody on one device: lost hints, dead servers. */
  servers: { nodes: 3, people: [[1], [1], [1]], hasLocks: true },
  /** People with several devices and tabs on two servers: one storage for two tabs, one user on two devices. */
  devices: { nodes: 2, people: [[2, 1], [2]], hasLocks: true },
  /** The same over plain http, where browsers have no locks. */
  withoutLocks: { nodes: 1, people: [[2], [2]], hasLocks: false },
} satisfies Record<string, Setting>;
export type SettingName = keyof typeof settings;

/** Longer than anything waits: backoff, adoption of another tab's entries, a sleeping lane. */
const longestWaitMs = 70_000;

/** For a hundred thousand programs. */
const longestMs = 3 * 3_600_000;

export interface Simulation {
  readonly setting: SettingName;
  readonly runs: number;
  readonly seed?: number;
  /** fast-check's path to a counterexample, to run only that. */
  readonly path?: string;
  /** Stops at the first program that breaks a law, without looking for a shorter one. */
  readonly endOnFailure?: boolean;
  /** Shrinking ends by then, in milliseconds from the start. */
  readonly withinMs?: number;
}

export interface SimulationResult extends Counts {
  /** Description of the failure, with the shrunk program and the command that runs it again. */
  readonly failure?: string;
}

/** Runs random programs in random worlds, and shrinks the first that breaks a law. */
export function simulate({
  setting,
  runs,
  seed,
  path,
  endOnFailure,
  withinMs = longestMs,
}: Simulation): SimulationResult {
  const counts: Counts = { programs: 0, steps: 0, faults: 0, checks: 0 };
  const before = { ...limits };
  Object.assign(limits, simulatedLimits);
  try {
    const property = fc.property(fc.integer(), aProgram, (worldSeed, steps) =>
      runProgram(settings[setting], worldSeed, steps, counts),
    );
    const result = fc.check(property, {
      numRuns: runs,
      // Shrinking has an end too: what is left by then is told.
      interruptAfterTimeLimit: withinMs,
      ...(seed !== undefined && { seed }),
      ...(path !== undefined && { path, endOnFailure: true }),
      ...(endOnFailure !== undefined && { endOnFailure }),
    });
    if (!result.failed) return counts;
    const [worldSeed, steps] = result.counterexample!;
    const lines = [
      (result.errorInstance as Error).stack ?? String(result.errorInstance),
      `In the world ${worldSeed} of "${setting}", shrunk ${result.numShrinks} times:`,
      ...steps
        .filter(([verb, n, pause]) => verb !== 'wait' || n + pause > 0)
        .map((step) => `  ${JSON.stringify(step)}`),
      'Run it again:',
      `  npm run lab -- simulate --setting ${setting} --seed ${result.seed} --path ${result.counterexamplePath}`,
    ];
    return { ...counts, failure: lines.join('\n') };
  } finally {
    Object.assign(limits, before);
  }
}

function runProgram(setting: Setting, seed: number, steps: readonly Step[], counts: Counts): void {
  counts.programs++;
  const world = new World(seed, setting, counts);
  for (const step of steps) perform(world, step);
  heal(world);
  world.laws.atEnd();
}

/** Ends all faults, gives everybody time, and lets people give up what can't be said. */
function heal(world: World): void {
  world.weather = clear;
  world.isDatabaseUp = true;
  for (const node of world.nodes) node.start();
  for (const browser of world.browsers) browser.isOnline = true;
  for (const { link } of world.tabs) if (link?.hasLostFact === true) link.cut();
  // What is under way comes to its end first: log-outs, and mutes, which would keep people waiting for ever.
  world.clock.advance(15_000);
  unmute(world);
  for (const tab of world.tabs) tab.dispatch({ type: 'triedNow' });
  world.clock.advance(15_000);
  for (const tab of world.tabs) if (tab.state.session.isEnded) tab.dispatch({ type: 'triedNow' });
  settle(world);
  // What waited behind a refusal may be refused as well.
  for (let round = 0; round < maxRefusals && world.tabs.some(hasFailed); round++) {
    for (const tab of world.tabs)
      for (const { entryId, state } of tab.state.outbox.entries)
        if (state === 'failed') tab.dispatch({ type: 'discard', entryId });
    settle(world);
  }
  const before = world.tabs.map(
    ({
      requests,
      state: {
        account: { userId },
      },
    }) => ({ requests, userId }),
  );
  world.clock.advance(20_000);
  world.laws.isQuiet(before);
}

const maxRefusals = 20;

function hasFailed({ state }: Tab): boolean {
  return state.outbox.entries.some((entry) => entry.state === 'failed');
}

/** Lets time pass until every page says that it has all and has said all, but for what it gave up. */
function settle({ clock, tabs }: World): void {
  const end = clock.now + longestWaitMs;
  const isDone = ({ state }: Tab) =>
    isCaughtUp(state) && state.outbox.entries.every((entry) => entry.state === 'failed');
  do clock.advance(5_000);
  while (clock.now < end && !tabs.every(isDone));
}

function unmute({ database, nodes }: World): void {
  for (const [id, { members }] of database.conversations)
    for (const [userId, { mutedUntil }] of members)
      if (mutedUntil !== undefined) nodes[0]!.change((rows) => framesOf(rows, id, userId, 'unmute', undefined));
}
