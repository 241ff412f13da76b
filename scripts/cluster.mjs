// npm run cluster: several servers that act as one, on this machine: nodes, Postgres and Redis behind one address.
import { script } from './machine.mjs';

/** More would not fit the connections of the embedded Postgres: each has a pool of its own. */
const maxNodes = 6;

const help = `npm run cluster -- [--nodes 3] [--port 3000]

Runs several servers as one on this machine, until Ctrl-C: API processes on free ports, PostgreSQL, Redis, and a
proxy before them that needs no sticky sessions. A process that ends is started again.

  --nodes N   API processes, 1 to ${maxNodes}; 3 by default
  --port N    the port of the page; PORT, or 3000, by default
  --help      this text

DATABASE_URL and REDIS_URL name servers of your own. With METRICS_PORT=9464 the second node has 9465, and so on.`;

script(async () => {
  const { resolve } = await import('node:path');
  const { parseArgs } = await import('node:util');
  const { checkAddress } = await import('./api.mjs');
  const { Balancer, balancerAddress } = await import('./balancer.mjs');
  const { build } = await import('./build.mjs');
  const { withDotenv } = await import('./dotenv.mjs');
  const { Failure } = await import('./failure.mjs');
  const { install } = await import('./install.mjs');
  const { findRedis, serveRedis } = await import('./redis.mjs');
  const { localAddress, supervise } = await import('./supervisor.mjs');
  const { bold, faint, say } = await import('./terminal.mjs');
  const { inRoot, root } = await import('./workspace.mjs');

  const given = readArguments();
  if (given.help) return say(help);
  const env = { ...withDotenv(inRoot('.env')), ...(given.port !== undefined && { PORT: given.port }) };
  const dataDir = resolve(root, env.DATA_DIR ?? '.data');
  if (!env.REDIS_URL) findRedis();

  /** @type {{ name: string, url?: string, pid?: number, api: ReturnType<import('./supervisor.mjs').Supervision['serveApi']> }[]} */
  const nodes = [];
  return supervise({
    env,
    dataDir,
    command: 'npm run cluster',
    prepare: async (signal) => {
      await install(signal);
      await build(signal);
    },
    serve,
    stopAtOnce: () => {
      say(faint('Stopping at once.'));
      for (const { api } of nodes) api.kill();
    },
  });

  /** @param {import('./supervisor.mjs').Supervision} supervision */
  async function serve({ host, port, instance, problems, signal, serveApi, onStop }) {
    const redis = env.REDIS_URL ? undefined : serveRedis({ home: dataDir, instance, problems });
    if (redis) {
      onStop(redis.stop);
      await redis.start();
      signal.throwIfAborted();
    }
    const balancer = new Balancer();
    // After the nodes: while they drain, their clients' connections pass through it.
    onStop(() => balancer.close());
    let isReady = false;
    for (let n = 1; n <= given.nodes; n++) {
      const name = `Node ${n}`;
      const node = { name };
      node.api = serveApi({
        name,
        log: `node-${n}.log`,
        env: {
          HOST: '127.0.0.1',
          PORT: '0',
          REDIS_URL: redis?.url ?? env.REDIS_URL,
          TRUSTED_PROXIES: [env.TRUSTED_PROXIES, balancerAddress].filter(Boolean).join(','),
          ...(env.METRICS_PORT && { METRICS_PORT: shiftPort(env.METRICS_PORT, n - 1) }),
        },
        onReady: (url, pid) => {
          Object.assign(node, { url, pid });
          balancer.add(name, Number(new URL(url).port));
          if (isReady) say(describe(node));
        },
        onEnd: () => balancer.remove(name),
      });
      nodes.push(node);
    }
    onStop(() => Promise.all(nodes.map(({ api }) => api.stop())));
    const [first, ...others] = nodes;
    // It migrates the database; the others find that done.
    await first.api.start();
    await Promise.all(others.map(({ api }) => api.start()));
    signal.throwIfAborted();
    await checkAddress(host, port, 'npm run cluster');
    const listening = await balancer.listen(host, port);
    const url = localAddress(`http://${host.includes(':') ? `[${host}]` : host}:${listening}`);
    return {
      url,
      ready: () => {
        isReady = true;
        say(
          `Cloudhop is ready at ${bold(env.PUBLIC_URL ?? url)}: ${count(nodes.length)} (Ctrl-C stops all, twice at once)`,
        );
        for (const node of nodes) say(describe(node));
        if (redis) say(`  Redis   ${redis.address}, process ${redis.pid}`);
        say(
          faint(`Try it: kill -9 ${nodes.at(-1).pid} crashes a node, kill ${nodes.at(-1).pid} restarts it in order.`),
        );
      },
    };
  }

  function describe({ name, url, pid }) {
    return `  ${name}  ${url}, process ${pid}`;
  }

  function count(n) {
    return n === 1 ? '1 node' : `${n} nodes behind one address`;
  }

  /** Returns METRICS_PORT of the nth node; a port that is none stays as it is, for the server to refuse. */
  function shiftPort(text, n) {
    return text.replace(/\d+$/, (port) => (Number(port) === 0 ? port : String(Number(port) + n)));
  }

  function readArguments() {
    const options = { nodes: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } };
    let values;
    try {
      ({ values } = parseArgs({ options }));
    } catch (error) {
      throw new Failure(`${error.message.split('. ')[0]}: see npm run cluster -- --help.`);
    }
    const { nodes: wanted = '3', port, help: isHelp = false } = values;
    if (!/^\d+$/.test(wanted) || Number(wanted) < 1 || Number(wanted) > maxNodes)
      throw new Failure(`--nodes ${wanted} is not a number from 1 to ${maxNodes}.`);
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535))
      throw new Failure(`--port ${port} is not a port: give a number from 1 to 65535.`);
    return { nodes: Number(wanted), port, help: isHelp };
  }
});
