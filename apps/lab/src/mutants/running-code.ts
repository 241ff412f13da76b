import { build } from 'esbuild';

/** What runs: the server, and the client without its screen. */
const entries = ['apps/api/src/main.ts', 'libs/sdk/src/index.ts'];

/** Returns the files, as paths below `root`, that the programs are made of. A mutant of any other file proves nothing. */
export async function runningCode(root: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: 'tmp/unwritten',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    packages: 'external',
    loader: { '.sql': 'text' },
    tsconfig: 'tsconfig.node.json',
    logLevel: 'warning',
  });
  return new Set(Object.keys(metafile.inputs));
}
