import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { busProblems, degradationCodes, errorCodes } from '@cloudhop/contracts';
import { en } from './en';
import { zhHans } from './zh-hans';
import { zhHant } from './zh-hant';

interface Texts {
  readonly [key: string]: string | Texts;
}

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const english = flatten(en);
const others = { 'zh-Hant': flatten(zhHant), 'zh-Hans': flatten(zhHans) };

const root = resolve(__dirname, '../../../../..');
const sources = ['libs/web', 'apps/web/src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  )
  .filter((file) => /\.(ts|html)$/.test(file) && !/\.spec\.ts$|dictionaries\//.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')
  // Calls of routes, and type arguments with their names, look the same.
  .replace(/\.call\('[\w.]+'|<'[\w.]+'>/g, '');
/** Complete keys in the code, and prefixes that the code completes. */
const written = new Set([...sources.matchAll(/(?<!=)['"`]([a-z]\w*(?:\.\w+)+)['"`]/g)].map(([, key]) => key!));
/** Complete keys given to `t` directly, whatever they begin with. */
const translated = new Set([...sources.matchAll(/\bt\('([a-z]\w*(?:\.\w+)+)'/g)].map(([, key]) => key!));
const beginnings = [...sources.matchAll(/(?<!=)['"`]([a-z]\w*(?:\.\w+)*\.)(?:['"]|\$\{)/g)].map(([, start]) => start!);

describe('the dictionaries', () => {
  it.each(Object.entries(others))('%s says what English says, with the same placeholders', (_, texts) => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of texts) expect([key, placeholders(text)]).toEqual([key, placeholders(english.get(key)!)]);
  });

  it('leaves no text empty', () => {
    for (const texts of [english, ...Object.values(others)])
      for (const [key, text] of texts) expect([key, text.trim()]).not.toEqual([key, '']);
  });

  it('has words for every error of the contract', () => {
    expect(Object.keys(en.errors).sort()).toEqual(Object.keys(errorCodes).sort());
  });

  it('has words for every condition of the status, and for every cause', () => {
    expect(Object.keys(en.status.degraded).sort()).toEqual([...degradationCodes].sort());
    expect(Object.keys(en.status.names).sort()).toEqual([...degradationCodes].sort());
    expect(Object.keys(en.status.causes).sort()).toEqual([...busProblems].sort());
  });

  it('holds no key that no screen uses', () => {
    const isUsed = (key: string) =>
      written.has(key) ||
      beginnings.some((start) => key.startsWith(start)) ||
      [...written].some((start) => key.startsWith(`${start}.`));
    expect([...english.keys()].filter((key) => !isUsed(key))).toEqual([]);
  });

  it('has every key that a screen asks for', () => {
    const sections = new Set(Object.keys(en));
    const isThere = (key: string) =>
      english.has(key) || [...english.keys()].some((known) => known.startsWith(`${key}.`));
    const isKey = (key: string) => translated.has(key) || sections.has(key.split('.')[0]!);
    expect([...written].filter((key) => isKey(key) && !isThere(key))).toEqual([]);
  });
});
