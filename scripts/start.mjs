// npm start: installs and builds what is missing, then runs Postgres and the server until Ctrl-C.
import { script } from './machine.mjs';

script(async () => {
  const { resolve } = await import('node:path');
  const { networkInterfaces } = await import('node:os');
  const { build } = await import('./build.mjs');
  const { withDotenv } = await import('./dotenv.mjs');
  const { install } = await import('./install.mjs');
  const { run } = await import('./supervisor.mjs');
  const { bold, faint, say } = await import('./terminal.mjs');
  const { inRoot, root } = await import('./workspace.mjs');

  const env = withDotenv(inRoot('.env'));
  return run({
    env,
    dataDir: resolve(root, env.DATA_DIR ?? '.data'),
    prepare: async (signal) => {
      await install(signal);
      await build(signal);
    },
    ready: (url) => {
      if (env.HOST === '0.0.0.0' || env.HOST === '::')
        for (const address of Object.values(networkInterfaces()).flat())
          if (address?.family === 'IPv4' && !address.internal)
            say(faint(`From other devices in this network: http://${address.address}:${new URL(url).port}`));
      say(`Cloudhop is ready at ${bold(env.PUBLIC_URL ?? url)} (Ctrl-C stops it)`);
    },
  });
});
