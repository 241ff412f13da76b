// npm run test:redis: the specs on real redis-servers, which they start by themselves. Arguments go to Jest.
import { script } from './machine.mjs';

script(async () => {
  const { install } = await import('./install.mjs');
  const { runJest } = await import('./jest/run.mjs');
  const { findRedis } = await import('./redis.mjs');

  findRedis();
  await install();
  return runJest([...process.argv.slice(2), '--selectProjects', 'redis']);
});
