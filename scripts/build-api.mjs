// Builds the server into dist/apps/api/main.js; what nx build api runs.
import { bundleForNode } from './bundle-node.mjs';

await bundleForNode({ entry: 'apps/api/src/main.ts', outfile: 'dist/apps/api/main.js' });
