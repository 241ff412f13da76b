import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type * as Platform from '@cloudhop/api/platform';
import { limits as platformLimits } from '@cloudhop/api/platform';
import { limits as contractLimits } from '@cloudhop/contracts';

const root = resolve(__dirname, '../../..');
const sourceOf = (file: string) => readFileSync(join(root, file), 'utf8');
const { paths } = (
  JSON.parse(sourceOf('tsconfig.base.json')) as { compilerOptions: { paths: Record<string, string[]> } }
).compilerOptions;

/** Returns what a file imports of this workspace, in order. */
function importsOf(file: string): string[] {
  const modules = [...sourceOf(file).matchAll(/^(?:import|export)\b(?! type)[^;]*?from '([^']+)'|^import '([^']+)'/gm)];
  return modules.flatMap(([, from, alone]) => {
    const name = (from ?? alone)!;
    if (name.startsWith('.')) return [relative(root, `${resolve(root, dirname(file), name)}.ts`)];
    return paths[name]?.map((path) => path.replace('./', '')) ?? [];
  });
}

/** Returns everything that loading a file loads of this workspace. */
function loadedBy(file: string, known = new Set<string>()): string[] {
  if (!known.has(file)) {
    known.add(file);
    for (const each of importsOf(file)) loadedBy(each, known);
  }
  return [...known].sort();
}

test('the program applies LIMITS_FILE before it loads anything that could read a limit', () => {
  expect(importsOf('apps/api/src/main.ts')[0]).toBe('apps/api/src/configure.ts');
  // None of these may read a limit when it is loaded.
  expect(loadedBy('apps/api/src/configure.ts')).toEqual([
    'apps/api/src/configure.ts',
    'libs/api/platform/src/client-address.ts',
    'libs/api/platform/src/configuration-error.ts',
    'libs/api/platform/src/configuration.ts',
    'libs/api/platform/src/env.ts',
    'libs/api/platform/src/limits.ts',
    'libs/api/platform/src/redis/redis-url.ts',
    'libs/contracts/src/auth/limits.ts',
    'libs/contracts/src/connection/limits.ts',
    'libs/contracts/src/conversations/limits.ts',
    'libs/contracts/src/friends/limits.ts',
    'libs/contracts/src/groups/limits.ts',
    'libs/contracts/src/limits.ts',
    'libs/contracts/src/presence/limits.ts',
    'libs/contracts/src/rooms/limits.ts',
    'libs/contracts/src/sync/limits.ts',
    'libs/contracts/src/text/limits.ts',
  ]);
});

describe('each limit of the contract', () => {
  const names = Object.keys(contractLimits);
  /** One value of its own for each. */
  const given = Object.fromEntries(names.map((name, i) => [name, 100_000 + 10 * i]));
  const readWhenLoaded = new Set<string>();
  let documents: string;

  beforeAll(() => {
    jest.isolateModules(() => {
      jest.doMock('@cloudhop/contracts/limits', () => ({
        ...jest.requireActual<object>('@cloudhop/contracts/limits'),
        limits: new Proxy(given, {
          get(target, name, receiver) {
            if (Object.hasOwn(target, name)) readWhenLoaded.add(String(name));
            return Reflect.get(target, name, receiver) as unknown;
          },
        }),
      }));
      jest.requireActual('@cloudhop/contracts');
      const readBySchemas = [...readWhenLoaded];
      const platform = jest.requireActual<typeof Platform>('@cloudhop/api/platform');
      expect(readBySchemas).toEqual(expect.arrayContaining(['retentionMinMs', 'framePage', 'historyPage']));
      readWhenLoaded.clear();
      for (const name of readBySchemas) readWhenLoaded.add(name);
      documents = JSON.stringify([platform.openApiDocument('1'), platform.asyncApiDocument('1')]);
    });
  });
  afterAll(() => jest.dontMock('@cloudhop/contracts/limits'));

  test.each(names)('%s is a bound of the schemas as it was overridden, or read when it is needed', (name) => {
    if (!readWhenLoaded.has(name)) return;
    const value = given[name]!;
    // The owner counts as a member of a group, but is not among the invited ones.
    expect(documents).toMatch(new RegExp(`\\b(${value}|${value - 1})\\b`));
  });
});

test('each limit is read by the product', () => {
  const product = ['libs', 'apps/api', 'apps/web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.includes('testing/'))
      .map((path) => sourceOf(join(folder, path))),
  );
  const text = product.join('\n');
  const aliases = new Set([...text.matchAll(/\blimits as (\w+)/g)].map(([, alias]) => alias!));
  const tables = ['limits', 'Limits', ...aliases].join('|');
  const unread = [...Object.keys(contractLimits), ...Object.keys(platformLimits)].filter(
    (name) => !new RegExp(`(?:${tables})\\.${name}\\b|\\b${name}\\b[^}]*\\} = (?:${tables})`).test(text),
  );
  expect(unread).toEqual([]);
});
