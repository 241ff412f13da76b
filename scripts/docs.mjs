// npm run docs: writes docs/generated anew from the contract and the migrations. With --check it only compares.
import { script } from './machine.mjs';

script(async () => {
  const { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const { pathToFileURL } = await import('node:url');
  const { bundleForNode } = await import('./bundle-node.mjs');
  const { moduleImports } = await import('./module-imports.mjs');
  const { Failure } = await import('./failure.mjs');
  const { modulesDocument } = await import('./modules-document.mjs');
  const { keepPostgres } = await import('./postgres.mjs');
  const { applySchema } = await import('./schema.mjs');
  const { inRoot, node, toolEnvironment } = await import('./workspace.mjs');

  if (!existsSync(node))
    throw new Failure('The packages are not installed yet: run "npm start" once, then this again.');
  // The server's sources are for the Node that came by npm.
  if (Number(process.versions.node.split('.')[0]) < 24) {
    const { spawnSync } = await import('node:child_process');
    return spawnSync(node, process.argv.slice(1), { stdio: 'inherit', env: toolEnvironment() }).status ?? 1;
  }

  const outfile = `tmp/docs/documents-${process.pid}.mjs`;
  /** @param {string} path */
  const read = (path) => readFileSync(inRoot(path), 'utf8');

  /** The schema of a database that exists only for this. @param {any} documents */
  async function freshSchema(documents) {
    const postgres = await keepPostgres({
      home: mkdtempSync(join(tmpdir(), 'cloudhop-docs-')),
      removeHome: true,
    });
    try {
      await applySchema(postgres.url);
      return await documents.schemaDocument(postgres.url);
    } finally {
      await postgres.stop();
    }
  }

  async function generate() {
    await bundleForNode({ entry: 'libs/api/platform/src/documents/index.ts', outfile, format: 'esm' });
    try {
      const documents = await import(pathToFileURL(inRoot(outfile)).href);
      const { version } = JSON.parse(read('package.json'));
      /** @param {unknown} document */
      const json = (document) => `${JSON.stringify(document, null, 2)}\n`;
      return {
        'openapi.json': json(documents.openApiDocument(version)),
        'asyncapi.json': json(documents.asyncApiDocument(version)),
        'events.md': documents.eventsDocument({
          contract: globSync('libs/contracts/src/*/limits.ts', { cwd: inRoot('.') })
            .map(read)
            .join('\n'),
          platform: read('libs/api/platform/src/limits.ts'),
        }),
        'modules.md': modulesDocument(moduleImports),
        'schema.sql': await freshSchema(documents),
      };
    } finally {
      for (const file of [outfile, `${outfile}.map`]) rmSync(inRoot(file), { force: true });
    }
  }

  const isCheck = process.argv.includes('--check');
  const folder = inRoot('docs/generated');
  mkdirSync(folder, { recursive: true });
  const stale = [];
  for (const [name, text] of Object.entries(await generate())) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    stale.push(name);
    if (!isCheck) writeFileSync(path, text);
  }
  if (isCheck && stale.length > 0)
    throw new Failure(
      `docs/generated is not what the sources say (${stale.join(', ')}): run "npm run docs" and commit.`,
    );
  const done = stale.length === 0 ? 'is up to date' : `has new text in ${stale.join(', ')}`;
  process.stdout.write(`docs/generated ${done}.\n`);
});
