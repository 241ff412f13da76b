// Bundles a program of ours for Node: esbuild joins, swc writes the decorator metadata that Nest's injection reads.
import { readFile } from 'node:fs/promises';
import { transform } from '@swc/core';
import { build } from 'esbuild';
import { inRoot } from './workspace.mjs';

const withDecoratorMetadata = {
  name: 'swc',
  setup(bundle) {
    bundle.onLoad({ filter: /\/(?:apps|libs)\/.*\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        filename: path,
        sourceMaps: 'inline',
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2024',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * Writes `entry` with everything of this workspace that it imports to `outfile`; packages stay outside.
 * @param {{ entry: string, outfile: string, format?: 'cjs' | 'esm' }} options paths below the root
 */
export async function bundleForNode({ entry, outfile, format = 'cjs' }) {
  await build({
    entryPoints: [inRoot(entry)],
    outfile: inRoot(outfile),
    bundle: true,
    platform: 'node',
    format,
    target: 'node24',
    packages: 'external',
    sourcemap: true,
    keepNames: true,
    tsconfig: inRoot('tsconfig.node.json'),
    loader: { '.sql': 'text' },
    plugins: [withDecoratorMetadata],
    logLevel: 'warning',
  });
}
