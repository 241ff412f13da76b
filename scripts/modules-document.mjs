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
    'What each module may import: an arrow, and whatever the arrows from there reach, if its line in',
    '`module-imports.mjs` names it. `npm run docs` draws it from there; the linter makes everything else an error.',
    '',
    '```mermaid',
    'flowchart TD',
    ...arrows,
    '```',
  ];
  return `${lines.join('\n')}\n`;
}
