import { join } from 'node:path';
import { allMutants } from './all-mutants';
import type { Mutant } from './mutant';
import { staleMutants } from './stale-mutants';

const root = join(__dirname, '../../../..');
const [known] = allMutants;

const aMutant = (changes: Partial<Mutant>): Mutant => ({ ...known!, ...changes });

test('every mutant breaks code that runs, and its catcher is there', async () => {
  expect(await staleMutants(root, allMutants)).toEqual([]);
  const names = allMutants.map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each<[string, Partial<Mutant>, string]>([
  [
    'a file of a test',
    { edits: [{ file: 'libs/sdk/src/testing/index.ts', find: 'export', replace: '' }] },
    'no part of',
  ],
  ['a text that is gone', { edits: [{ file: 'apps/api/src/main.ts', find: 'never there', replace: '' }] }, '0 times'],
  ['a catcher that is gone', { catcher: { kind: 'spec', project: 'unit', file: 'gone.spec.ts' } }, 'is not there'],
  [
    'a test with another name',
    { catcher: { kind: 'spec', project: 'unit', file: 'apps/lab/src/mutants/mutants.spec.ts', test: 'no ' + 'such' } },
    'no test of',
  ],
])('%s is stale', async (_, changes, reason) => {
  expect(await staleMutants(root, [aMutant(changes)])).toEqual([expect.stringContaining(reason)]);
});
