// npm test: every spec that needs no Redis, in Node, in a simulated page, and on a real Postgres. Arguments go to Jest.
import { script } from './machine.mjs';

script(async () => {
  const { install } = await import('./install.mjs');
  const { runJest } = await import('./jest/run.mjs');

  await install();
  return runJest([...process.argv.slice(2), '--ignoreProjects', 'redis']);
});
