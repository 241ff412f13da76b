/**
 * Returns a Mermaid diagram of the modules: an arrow from each to those that it imports, without arrows that follow from
 * others.
 * @param {Readonly<Record<string, readonly string[]>>} moduleImports what each module may import, by its tag
 */
export function modulesDocument(moduleImports) {
  const arrows = Object.entries(moduleImports).flatMap(([module, imports]) =>
    imports
      .filter((target) => !imports.some((other) => other !== target && moduleImports[other]?.includes(target)))
      .map((target) => `  ${module} --> ${target}`),
  );
  const lines = [
    '# Modules',
    '',
    'A module may import those that its arrows reach, directly or over others. `npm run docs` draws this from',
    '`scripts/module-imports.mjs`, and the linter makes every other import between modules an error.',
    '',
    '```mermaid',
    'flowchart TD',
    ...arrows,
    '```',
  ];
  return `${lines.join('\n')}\n`;
}
