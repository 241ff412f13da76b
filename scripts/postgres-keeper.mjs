// A process of its own beside `npm start` and the tests. It lives in another process group than its parent and stops
// Postgres when the channel to the parent closes, which also happens when the parent is killed with -9.
import { rmSync } from 'node:fs';
import { canRecover } from './disk.mjs';
import { isFullDisk, sentenceOf } from './failure.mjs';
import { startPostgres, stopPostgres } from './postgres.mjs';
import { isAlive, processIdentity, waitUntil } from './process-identity.mjs';

const roomCheckMs = 1_000;
/** Attempts to start Postgres again where there is room. */
const maxAttempts = 5;

/** @type {Awaited<ReturnType<typeof startPostgres>> | undefined} */
let server;
/** The application's processes: while they drain they still need the database. @type {string[]} */
let applications = [];
/** @type {Promise<void> | undefined} */
let starting;
let home;
let removesHome = false;
let isStopping = false;

// The parent decides; signals that reach a whole session must not take the database away from a draining application.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.on('disconnect', () => void stop());

process.on('message', (message) => {
  if (message.type === 'stopAfter')
    applications = [...applications, processIdentity(message.pid)].filter((each) => isAlive(each));
  if (message.type === 'start') void start(message.options);
});

async function start({ removeHome = false, ...options }) {
  home = options.home;
  removesHome = removeHome;
  starting = serve(options);
  try {
    await starting;
    if (process.connected) process.send?.({ type: 'ready', url: server?.url });
  } catch (error) {
    if (process.connected) process.send?.({ type: 'failed', sentence: sentenceOf(error, home) });
  }
}

/** Starts Postgres, and again on the same port when it ends by itself: the application reconnects and goes on. */
async function serve(options) {
  server = await startPostgres(options);
  const { child, release, url } = server;
  const again = () => {
    if (isStopping) return;
    release();
    starting = serveAgain({ ...options, port: Number(new URL(url).port) });
    starting.catch((error) => {
      process.stderr.write(`cloudhop: ${sentenceOf(error, home)}\n`);
      process.exit(1);
    });
  };
  // It may have ended between being ready and this line.
  if (child.exitCode !== null || child.signalCode !== null) again();
  else child.once('exit', again);
}

/**
 * Starts Postgres after it ended by itself. It can't recover on a full disk, and may have ended because of it, so there
 * that is tried until there is room. With room it is given up after some attempts.
 */
async function serveAgain(options) {
  for (let attempts = 1; ;) {
    try {
      return await serve(options);
    } catch (error) {
      if (isStopping) throw error;
      // The log of a full disk does not say why, so an attempt without a reason counts only where there is room.
      if (canRecover(home) && !isFullDisk(error) && attempts++ === maxAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, roomCheckMs));
    }
  }
}

async function stop() {
  isStopping = true;
  // What is about to start can be stopped only once it has.
  await starting?.catch(() => undefined);
  await waitUntil(() => !applications.some(isAlive), 20_000);
  if (server) {
    await stopPostgres(server.child);
    server.release();
  }
  if (removesHome && home) rmSync(home, { recursive: true, force: true });
  process.exit(0);
}
