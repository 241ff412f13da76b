// A process of its own beside `npm start` and the tests. It lives in another process group than its parent and stops
// Postgres when the channel to the parent closes, which also happens when the parent is killed with -9.
import { rmSync } from 'node:fs';
import { sentenceOf } from './failure.mjs';
import { startPostgres, stopPostgres } from './postgres.mjs';
import { isAlive, processIdentity, waitUntil } from './process-identity.mjs';

/** @type {Awaited<ReturnType<typeof startPostgres>> | undefined} */
let server;
/** The application's process: while it drains it still needs the database. */
let application;
let home;
let removesHome = false;
let isStopping = false;

// The parent decides; signals that reach a whole session must not take the database away from a draining application.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.on('disconnect', () => void stop());

process.on('message', (message) => {
  if (message.type === 'stopAfter') application = processIdentity(message.pid);
  if (message.type === 'start') void start(message.options);
});

async function start({ removeHome = false, ...options }) {
  home = options.home;
  removesHome = removeHome;
  try {
    server = await startPostgres(options);
    server.child.once('exit', () => void stop());
    if (isStopping || !process.connected) return await stop();
    process.send?.({ type: 'ready', url: server.url, pid: server.child.pid });
  } catch (error) {
    if (process.connected) process.send?.({ type: 'failed', sentence: sentenceOf(error, home) });
    cleanUp();
  }
}

async function stop() {
  isStopping = true;
  // While it starts there is nothing to stop yet: start() comes back here.
  if (!server) return;
  const { child, release } = server;
  server = undefined;
  if (application) await waitUntil(() => !isAlive(application), 20_000);
  await stopPostgres(child);
  release();
  cleanUp();
  process.exit(0);
}

function cleanUp() {
  if (removesHome && home) rmSync(home, { recursive: true, force: true });
}
