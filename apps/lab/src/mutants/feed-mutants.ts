import { type Catcher, type Mutant, edit } from './mutant';

const servers: Catcher = { kind: 'simulator', setting: 'servers' };
const devices: Catcher = { kind: 'simulator', setting: 'devices' };
const sequencerSpec: Catcher = {
  kind: 'spec',
  project: 'unit',
  file: 'libs/api/realtime/src/feeds/sequencer.spec.ts',
};

const refreshSpec: Catcher = { kind: 'spec', project: 'unit', file: 'libs/api/auth/src/refresh-rule.spec.ts' };

const sequencer = 'libs/api/realtime/src/feeds/sequencer.ts';
const latestStates = 'libs/api/realtime/src/feeds/latest-states.ts';
const refreshRule = 'libs/api/auth/src/refresh-rule.ts';

/** Mutants of server code that the simulator runs: the sequencer, and the rule of refresh tokens. */
export const feedMutants: readonly Mutant[] = [
  {
    name: 'reaction-from-memory',
    broken: 'a sync is answered from memory although that holds a reaction alone',
    edits: edit(sequencer, `if (changes.some(({ kind }) => kind === 'reaction')) return undefined;`, ''),
    catcher: sequencerSpec,
  },
  {
    name: 'memory-keeps-texts',
    broken: 'memory and waiting frames keep texts that were deleted or edited away, and quotes of them',
    edits: edit(sequencer, 'if (!latest.isEmpty) {', 'if (this.#ring.length < 0) {'),
    catcher: servers,
  },
  {
    name: 'quotes-stay',
    broken: 'a text that is gone stays in the quotes of other messages',
    edits: edit(latestStates, 'if (quote === undefined) return change;', 'return change;'),
    catcher: servers,
  },
  {
    name: 'sync-from-late-memory',
    broken: 'a sync is answered from memory that is behind the head of the database',
    edits: edit(sequencer, 'head.rev < headRev || this.isBehind', 'this.isBehind'),
    catcher: servers,
  },
  {
    name: 'live-between-repair-pages',
    broken: 'live frames are told between the pages of a repair',
    edits: edit(sequencer, 'this.#isPaging = hasMore;', ''),
    catcher: sequencerSpec,
  },
  {
    name: 'head-check-never-repairs',
    broken: 'a head beyond the known one starts no repair',
    edits: edit(sequencer, 'this.#target = Math.max(this.#target, rev);', 'void rev;'),
    catcher: servers,
  },
  {
    name: 'early-frame-told',
    broken: 'a frame that came too early is told without the ones before it',
    edits: edit(sequencer, 'this.#isPaging || frame.fromRev > head.rev', 'this.#isPaging'),
    catcher: servers,
  },
  {
    name: 'frame-beyond-ban',
    broken: 'a frame goes on after the change that takes somebody’s reading away',
    edits: edit(sequencer, 'if (this.options.isCutOff(this.#queue[count++]!)) break;', 'count++;'),
    catcher: sequencerSpec,
  },
  {
    name: 'refresh-without-overlap',
    broken: 'a token whose successor was used counts as stolen at once',
    edits: edit(refreshRule, 'successorUse < recent.length', 'successorUse < 0'),
    catcher: refreshSpec,
  },
  {
    name: 'refresh-without-repeat',
    broken: 'a token that is presented twice counts as stolen',
    edits: edit(
      refreshRule,
      `if (n === state.presented) return { kind: 'repeat', answer: current };`,
      `if (n === state.presented) return { kind: 'reuse' };`,
    ),
    catcher: devices,
  },
];
