import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { preProcessFile } from 'typescript';

const root = join(__dirname, '../../..');

/** Returns the files of a folder with the files that each imports by a relative path, types included. */
function importsOf(folder: string): Map<string, string[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, folder, file))
      .map((file) => {
        const { importedFiles } = preProcessFile(readFileSync(file, 'utf8'));
        const imported = importedFiles
          .filter(({ fileName }) => fileName.startsWith('.'))
          .map(({ fileName }) => `${join(dirname(file), fileName)}.ts`);
        return [file, imported.filter((each) => existsSync(each))];
      }),
  );
}

/** Returns one cycle, as the paths of its files, or undefined. */
function findCycle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): string[] | undefined => {
    if (above.includes(file)) return [...above.slice(above.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const imported of imports.get(file) ?? []) {
      const cycle = visit(imported, [...above, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle.map((each) => relative(root, each));
  }
  return undefined;
}

test.each(['libs/sdk/src', 'apps/lab/src'])(
  'no file of %s imports one that imports it, not even for a type',
  (folder) => {
    const imports = importsOf(folder);
    expect(imports.size).toBeGreaterThan(20);
    expect(findCycle(imports)).toBeUndefined();
  },
);

test('a cycle is found', () => {
  const imports = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ]);
  expect(findCycle(imports)).toHaveLength(3);
});
