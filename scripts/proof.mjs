// npm run proof: everything that takes too long for every change, and the tables of docs/reliability.md and
// docs/performance.md with what it measured. Hours; run it when nothing else does. Arguments choose steps by name.
import { script } from './machine.mjs';

script(async () => {
  const { spawn, spawnSync } = await import('node:child_process');
  const { install } = await import('./install.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  await install();
  const lab = (/** @type {string[]} */ ...args) => [inRoot('scripts/lab.mjs'), ...args];
  /** @type {Record<string, { args: string[], env?: Record<string, string> }>} */
  const steps = {
    simulation: { args: lab('simulate', '--runs', '100000', '--write') },
    model: {
      args: [inRoot('scripts/test.mjs'), '--selectProjects', 'db', '--testPathPatterns', 'simulator/model'],
      env: { MODEL_PROGRAMS: '2000' },
    },
    mutants: { args: lab('mutants', '--write') },
    chaos: { args: lab('chaos', '--minutes', '60', '--seed', '7', '--without-redis', '--write') },
    'chaos-redis': { args: lab('chaos', '--minutes', '10', '--nodes', '3', '--seed', '7', '--write') },
    load: { args: lab('load', '--scenario', 'all', '--seconds', '4', '--write') },
  };
  const asked = process.argv.slice(2);
  const failed = [];
  for (const [name, { args, env = {} }] of Object.entries(steps)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stdout.write(`\n── ${name}\n`);
    const child = spawn(node, args, { cwd: root, env: toolEnvironment(env), stdio: 'inherit' });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) failed.push(name);
  }
  if (asked.length === 0 || asked.includes('image')) {
    process.stdout.write('\n── image\n');
    const engine = ['docker', 'podman', 'buildah'].find(
      (name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0,
    );
    if (engine === undefined) process.stdout.write('No engine runs here that builds images: left out.\n');
    else {
      const build = spawnSync(engine, ['build', '--file', 'docker/Dockerfile', '--tag', 'cloudhop:proof', '.'], {
        cwd: root,
        stdio: 'inherit',
      });
      if (build.status !== 0) failed.push('image');
    }
  }
  // The tables are committed, so they look as everything here does.
  spawnSync(node, [inRoot('node_modules/prettier/bin/prettier.cjs'), '--write', 'docs/*.md'], { cwd: root });
  process.stdout.write(failed.length === 0 ? '\nEverything holds.\n' : `\nFailed: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
});
