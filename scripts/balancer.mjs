import { createServer, get, request as requestFrom, ServerResponse } from 'node:http';
import { connect } from 'node:net';

const probeIntervalMs = 250;
const probeTimeoutMs = 1_000;
/** Clients wait this long while no node is ready: one that ended is back within seconds. */
const retryAfterMs = 1_000;

/**
 * Address from which the balancer speaks to its nodes, and the only one whose X-Forwarded-For they must trust. It is not
 * 127.0.0.1: programs on this machine could else name any address as their own.
 */
export const balancerAddress = '127.0.0.30';

/** Headers of one connection, which a proxy does not pass on. The body's framing is kept. */
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** @typedef {{ name: string, port: number, isReady: boolean, open: number }} Node open: its connections */

/**
 * HTTP proxy before nodes of this machine. Each request and each WebSocket goes to the ready node with the fewest open
 * connections, so it needs no sticky sessions. A request that reached no node is tried on the next.
 */
export class Balancer {
  /** @type {Map<string, Node>} */
  #nodes = new Map();
  #server = createServer((request, response) => this.#serve(request, response));
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #probes = setInterval(() => this.#probeAll(), probeIntervalMs).unref();
  #turn = 0;

  constructor() {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket);
      response.once('finish', () => socket.destroySoon());
      this.#serve(request, response, { socket, head });
    });
  }

  /** Adds a node that is ready, or moves it to another port. @param {string} name @param {number} port */
  add(name, port) {
    this.#nodes.set(name, { name, port, isReady: true, open: 0 });
  }

  /** Sends nothing more to a node. What it serves goes on. @param {string} name */
  remove(name) {
    this.#nodes.delete(name);
  }

  /** Begins to listen. Returns the port. @param {string} host @param {number} port @returns {Promise<number>} */
  listen(host, port) {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(address && typeof address === 'object' ? address.port : port);
      });
    });
  }

  /** Closes every connection. */
  async close() {
    clearInterval(this.#probes);
    const isClosed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await isClosed;
  }

  #probeAll() {
    for (const node of this.#nodes.values()) {
      const probe = get(
        { host: '127.0.0.1', port: node.port, path: '/api/health/ready', agent: false, timeout: probeTimeoutMs },
        (answer) => {
          node.isReady = answer.statusCode === 200;
          answer.resume();
        },
      );
      probe.once('timeout', () => probe.destroy(new Error('timed out')));
      probe.once('error', () => (node.isReady = false));
    }
  }

  /** Returns the ready node with the fewest connections; of several each in turn. @param {Set<Node>} tried */
  #choose(tried) {
    const ready = [...this.#nodes.values()].filter((node) => node.isReady && !tried.has(node));
    const least = Math.min(...ready.map(({ open }) => open));
    const free = ready.filter(({ open }) => open === least);
    return free[this.#turn++ % free.length];
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {ServerResponse} response
   * @param {{ socket: import('node:net').Socket, head: Buffer }} [upgrade]
   */
  #serve(request, response, upgrade) {
    const hasBody = !upgrade && hasBodyOf(request);
    // Other methods may have had their effect.
    const isRepeatable = !hasBody && ['GET', 'HEAD'].includes(request.method);
    const tried = new Set();
    let upstream;
    const isGone = () => response.destroyed || request.socket.destroyed;
    const attempt = () => {
      const node = this.#choose(tried);
      if (!node) return refuse(response);
      tried.add(node);
      node.open++;
      const far = connect({ host: '127.0.0.1', port: node.port, localAddress: balancerAddress, noDelay: true });
      far.once('close', () => node.open--);
      let hasReached = false;
      const sent = requestFrom({
        createConnection: () => far,
        method: request.method,
        path: request.url,
        headers: headersFor(request, upgrade !== undefined),
        setHost: false,
      });
      upstream = sent;
      far.once('connect', () => {
        hasReached = true;
        if (hasBody) request.pipe(sent);
        else sent.end();
      });
      sent.once('response', (answer) => answerWith(answer, response));
      if (upgrade) sent.once('upgrade', (answer, socket, head) => join(upgrade, answer, { socket, head }));
      sent.once('error', () => {
        sent.on('error', () => undefined);
        if (!hasReached) node.isReady = false;
        if (isGone()) return;
        if (!response.headersSent && (!hasReached || isRepeatable)) attempt();
        // As a broken network would: clients know what to do then.
        else request.socket.destroy();
      });
    };
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    response.once('close', () => !response.writableFinished && upstream?.destroy());
    attempt();
  }
}

/** @param {import('node:http').IncomingMessage} request */
function hasBodyOf({ headers }) {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Returns the headers that a node gets. @param {import('node:http').IncomingMessage} request @param {boolean} isUpgrade */
function headersFor({ headers, socket }, isUpgrade) {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const passed = Object.entries(headers).filter(([name]) => !connectionHeaders.has(name) && !named.includes(name));
  return {
    ...Object.fromEntries(passed),
    ...(headers.host !== undefined && { host: headers.host }),
    'x-forwarded-for': [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', '),
    connection: isUpgrade ? 'Upgrade' : 'close',
    ...(isUpgrade && { upgrade: headers.upgrade }),
  };
}

/** @param {import('node:http').IncomingMessage} answer @param {ServerResponse} response */
function answerWith(answer, response) {
  response.writeHead(answer.statusCode, answer.statusMessage, passedOn(answer.rawHeaders));
  answer.pipe(response);
  // An answer that breaks off must not look whole.
  answer.once('close', () => !answer.complete && response.destroy());
}

/** @param {string[]} rawHeaders names and values in turn */
function passedOn(rawHeaders) {
  return rawHeaders.filter((_, at) => !['connection', 'keep-alive'].includes(rawHeaders[at - (at % 2)].toLowerCase()));
}

/**
 * Joins the two sides of a WebSocket.
 * @typedef {{ socket: import('node:net').Socket, head: Buffer }} Side
 * @param {Side} near @param {import('node:http').IncomingMessage} answer @param {Side} far
 */
function join(near, answer, far) {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let n = 0; n < answer.rawHeaders.length; n += 2)
    lines.push(`${answer.rawHeaders[n]}: ${answer.rawHeaders[n + 1]}`);
  near.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  near.socket.write(far.head);
  far.socket.write(near.head);
  far.socket.on('error', () => undefined);
  near.socket.once('close', () => far.socket.destroy());
  far.socket.once('close', () => near.socket.destroySoon());
  near.socket.pipe(far.socket).pipe(near.socket);
}

/** Answers as a node does that can't serve at the moment. @param {ServerResponse} response */
function refuse(response) {
  const error = { code: 'unavailable', message: 'No node is ready.', retryAfterMs };
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'retry-after': String(retryAfterMs / 1_000),
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify({ error }));
}
