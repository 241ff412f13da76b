import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestHandlers, routeHandlers } from '@cloudhop/api/platform';
import { type FactName, facts, requests, routes } from '@cloudhop/contracts';
import { AppModule } from './app.module';

const root = join(__dirname, '../../..');

/** Returns the sources of a folder without specs, as one text. */
function sourcesOf(folder: string): string {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .filter((path) => !/\.spec\.ts$|\/testing\//.test(path))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
}

test('every request of the contract has exactly one handler', () => {
  expect(AppModule).toBeDefined();
  const counts = Object.fromEntries(Object.keys(requests).map((name) => [name, 1]));
  expect(Object.fromEntries([...requestHandlers()].map(([name, methods]) => [name, methods.length]))).toEqual(counts);
});

test('every route of the contract has exactly one handler', () => {
  const counts = Object.fromEntries(Object.keys(routes).map((name) => [name, 1]));
  expect(Object.fromEntries([...routeHandlers()].map(([name, methods]) => [name, methods.length]))).toEqual(counts);
});

describe('every fact', () => {
  // A type's name in quotes emits nothing and reads nothing.
  const spoken = (text: string) => text.replace(/FactPayload<'[^']+'>(\['\w+'\])?/g, '');
  const emitters = spoken(sourcesOf('libs/api'));
  const readers = spoken(sourcesOf('libs/sdk/src'));

  test.each(Object.keys(facts) as FactName[])('%s has an emitter and a reader', (name) => {
    expect({ emitted: emitters.includes(`'${name}'`), read: readers.includes(`'${name}'`) }).toEqual({
      emitted: true,
      read: true,
    });
  });
});
