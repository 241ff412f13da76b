import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../../..');
const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`);
const documents = [
  'README.md',
  'README.zh-Hant.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/api.md',
  'docs/performance.md',
  'docs/reliability.md',
  'docs/runbook.md',
  ...decisions,
];

interface Link {
  text: string;
  /** From the root of the workspace. */
  path: string;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Returns the links of a Markdown document to files of the workspace. */
function linksOf(document: string, markdown: string): Link[] {
  return [...markdown.matchAll(/\[([^\]]*)\]\(([^)#\s]+)(#[^)]*)?\)/g)]
    .filter(([, , target]) => !/^[a-z]+:/.test(target!))
    .map(([, text, target]) => ({ text: text!, path: join(dirname(document), target!) }));
}

/** Returns the steps of each walk in the architecture document, by its heading. */
function walks(): [string, string[]][] {
  const sections = read('docs/architecture.md').split(/^## /m);
  return sections
    .filter((section) => section.startsWith('The walk of '))
    .map((section) => [section.split('\n')[0]!, section.split('\n').filter((line) => /^\d+\. /.test(line))]);
}

describe('documents', () => {
  test.each(documents)('%s links to files that exist', (document) => {
    const broken = linksOf(document, read(document)).filter(({ path }) => !existsSync(join(root, path)));
    expect(broken).toEqual([]);
  });
});

describe('the walks of the architecture document', () => {
  test('are of a sent message, a log-in and a room that is opened by its address', () => {
    expect(walks().map(([heading]) => heading)).toEqual([
      'The walk of a sent message',
      'The walk of a log-in',
      'The walk of a room that is opened by its address',
    ]);
  });

  test.each(walks())('%s has at most thirty stops, each a link to the file that holds what it names', (_, steps) => {
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.length).toBeLessThanOrEqual(30);
    for (const step of steps) {
      const [stop] = linksOf('docs/architecture.md', step);
      expect(stop).toBeDefined();
      const name = /^`(?:\w+\.)?#?(\w+)`$/.exec(stop!.text)?.[1];
      if (name === undefined) throw new Error(`The stop "${step}" does not name what it links to.`);
      expect(read(stop!.path)).toContain(name);
    }
  });
});
