// npm run dev: the server and the page, built again and restarted at every change, at one address.
import { script } from './machine.mjs';

script(async () => {
  const { spawn } = await import('node:child_process');
  const { watch } = await import('node:fs');
  const { resolve } = await import('node:path');
  const { withDotenv } = await import('./dotenv.mjs');
  const { Failure } = await import('./failure.mjs');
  const { install } = await import('./install.mjs');
  const { run: supervise } = await import('./supervisor.mjs');
  const { bold, complain, faint, run, say } = await import('./terminal.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  // Apart from dist/apps, which holds what npm start serves.
  const webDir = 'dist/dev/web';
  const env = { ...withDotenv(inRoot('.env')), WEB_DIR: inRoot(webDir, 'browser') };

  const buildApi = async (signal) => {
    const { code, output } = await run(node, [inRoot('scripts/build-api.mjs')], {
      cwd: root,
      env: toolEnvironment(),
      signal,
    });
    if (code !== 0) throw new Failure(`The server does not build:\n${output.trim()}`);
  };

  /** The page's builder, which watches by itself. Resolves after its first build. */
  const watchPage = (signal) =>
    new Promise((ready, failed) => {
      const builder = spawn(
        node,
        [
          inRoot('node_modules/nx/dist/bin/nx.js'),
          'run',
          'web:build:development',
          '--watch',
          `--outputPath=${webDir}`,
          '--skip-nx-cache',
        ],
        // A group of its own, so that all of its processes can be ended at once: there is nothing in them to lose.
        { cwd: root, env: toolEnvironment({ FORCE_COLOR: '1' }), stdio: ['ignore', 'pipe', 'inherit'], detached: true },
      );
      const end = () => {
        try {
          process.kill(-builder.pid, 'SIGKILL');
        } catch {
          // It has ended already.
        }
      };
      signal.addEventListener('abort', end);
      process.once('exit', end);
      builder.once('error', failed);
      builder.once('exit', () => failed(new Failure('The builder of the page ended: correct what it says above.')));
      builder.stdout.on('data', (chunk) => {
        process.stdout.write(chunk);
        if (/bundle generation complete/.test(String(chunk))) ready();
      });
    });

  /** Calls `act` a moment after the last of several changes. */
  const onChange = (folders, signal, act) => {
    let timer;
    for (const folder of folders)
      watch(inRoot(folder), { recursive: true, signal }, (_event, file) => {
        if (!file || !file.endsWith('.ts') || file.endsWith('.spec.ts')) return;
        clearTimeout(timer);
        timer = setTimeout(act, 100);
      });
  };

  let stop;
  return supervise({
    env,
    dataDir: resolve(root, env.DATA_DIR ?? '.data'),
    prepare: async (signal) => {
      stop = signal;
      await install(signal);
      await Promise.all([buildApi(signal), watchPage(signal)]);
    },
    ready: (url, { restartApi }) => {
      let turn = Promise.resolve();
      onChange(['apps/api', 'libs/api', 'libs/contracts', 'libs/markup'], stop, () => {
        turn = turn
          .then(async () => {
            await buildApi(stop);
            await restartApi();
            say(faint('The server runs with your change.'));
          })
          .catch((error) => complain(error));
      });
      say(`Cloudhop is ready at ${bold(url)} (reload the page after a change; Ctrl-C stops it)`);
    },
  });
});
