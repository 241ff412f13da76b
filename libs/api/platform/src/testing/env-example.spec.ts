import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envNames } from '../env';

it('.env.example lists every variable, each with a word about it', () => {
  const blocks = readFileSync(join(__dirname, '../../../../../.env.example'), 'utf8').split('\n\n');
  const names = blocks.flatMap((block) => [...block.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]));
  expect(names.sort()).toEqual([...envNames].sort());
  for (const block of blocks) expect(block).toMatch(/^# \S/);
});
