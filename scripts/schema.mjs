// Applies the schema of the sources to a database, for scripts that need one without a server.
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { bundleForNode } from './bundle-node.mjs';
import { inRoot } from './workspace.mjs';

/**
 * Brings the database of `url` up to the schema of the sources.
 * @param {string} url
 */
export async function applySchema(url) {
  const outfile = `tmp/schema/schema-${process.pid}.mjs`;
  await bundleForNode({ entry: 'libs/api/schema/src/index.ts', outfile, format: 'esm' });
  try {
    const { migrate, schema } = await import(pathToFileURL(inRoot(outfile)).href);
    await migrate(url, schema);
  } finally {
    for (const file of [outfile, `${outfile}.map`]) rmSync(inRoot(file), { force: true });
  }
}
