import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what stands between `<!-- marker -->` and `<!-- /marker -->` of a page; throws when the markers are missing. */
export function writeTable(file: string, marker: string, lines: readonly string[]): void {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}
