import { type Catcher, type Mutant, edit } from './mutant';

const platform = (name: string) => `libs/api/platform/src/${name}`;
const admission: Catcher = { kind: 'spec', project: 'unit', file: platform('admission/admission.spec.ts') };
const packets: Catcher = { kind: 'spec', project: 'unit', file: platform('sockets/packets.spec.ts') };
const answers: Catcher = {
  kind: 'spec',
  project: 'db',
  file: 'libs/api/conversations/src/bounded-answers.db.spec.ts',
};

/** Mutants of the bounds on a client that asks for too much. */
export const edgeMutants: readonly Mutant[] = [
  {
    name: 'reads-outlive-their-socket',
    broken: 'a read begins although its socket has closed',
    edits: edit(platform('admission/admission.service.ts'), ' && asker.isGone()', " && address === 'nowhere'"),
    catcher: admission,
  },
  {
    name: 'writes-die-with-their-socket',
    broken: 'a write that arrived is not done because its socket has closed',
    edits: edit(platform('admission/admission.service.ts'), "(work === 'read' || work === 'connection') && ", ''),
    catcher: admission,
  },
  {
    name: 'user-in-flight-unbounded',
    broken: 'a user has as many requests in flight as it opens sockets for',
    edits: edit(
      platform('admission/admission.service.ts'),
      'yield userId === undefined ? { limiter: this.#anonymous, key: address } : { limiter: this.#users, key: userId };',
      'if (userId === undefined) yield { limiter: this.#anonymous, key: address };',
    ),
    catcher: admission,
  },
  {
    name: 'work-by-rows-alone',
    broken: 'long texts cost as much as short ones',
    edits: edit(
      platform('admission/admission.service.ts'),
      'rowsOf(answer) + bytes / 1_024',
      'rowsOf(answer) + Math.min(bytes, 1)',
    ),
    catcher: admission,
  },
  {
    name: 'work-by-user-alone',
    broken: 'an address that makes guests gets a budget for each',
    edits: edit(platform('admission/admission.service.ts'), 'this.#addressWork.charge(address, units);', ''),
    catcher: admission,
  },
  {
    name: 'only-events-are-counted',
    broken: 'packets that are no events are parsed, however many come',
    edits: edit(platform('sockets/connection-gate.ts'), 'else strays++;', 'else strays = 1;'),
    catcher: packets,
  },
  {
    name: 'sync-without-end',
    broken: 'a sync answers rows of whatever length',
    edits: edit('libs/api/conversations/src/feed-sync.service.ts', 'bytesLeft -= bytesOf(answer);', ''),
    catcher: answers,
  },
  {
    name: 'cut-sync-passes-over',
    broken: 'a page that was cut moves the cursor past what it left out',
    edits: edit(
      'libs/api/conversations/src/feed-sync.service.ts',
      'rev: isCut ? fitting.at(-1)!.rev : page.toRev,',
      'rev: page.toRev,',
    ),
    catcher: answers,
  },
];
