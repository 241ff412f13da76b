import { build } from 'esbuild';

/** Entry points of the server, and of the client without its screen. */
const entries = ['apps/api/src/main.ts', 'libs/sdk/src/index.ts'];

/** Returns the files, as paths below `root`, of which something is in the programs. A mutant of any other file proves nothing. */
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
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return new Set(used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path));
}
