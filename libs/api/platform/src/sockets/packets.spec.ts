import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { limits as contractLimits } from '@cloudhop/contracts';
import { limits } from '../limits';
import { Metrics } from '../metrics';
import { RealtimeServer } from '../realtime-server';
import { someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';

let node: EdgeNode;
let parsed: number;
const clients: TcpSocket[] = [];
const original = { ...limits };
const originalContract = { ...contractLimits };

beforeEach(async () => {
  node = await startEdgeNode();
  parsed = 0;
  // Engine.IO emits each packet that it has decoded, before it is processed.
  const { engine } = node.app.get(RealtimeServer).io;
  engine.on('connection', (connection: { on(name: 'packet', listener: () => void): void }) =>
    connection.on('packet', () => parsed++),
  );
});
afterEach(async () => {
  for (const tcp of clients.splice(0)) tcp.destroy();
  await node.close();
  Object.assign(limits, original);
  Object.assign(contractLimits, originalContract);
});

type Opcode = 1 | 2 | 9 | 10;
/** One masked WebSocket frame: 1 text, 2 binary, 9 ping, 10 pong. */
function frame(text: string, opcode: Opcode = 1): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

interface RawClient {
  tcp: TcpSocket;
  heard: () => string;
  /** Resolves once `text` was heard, or rejects when the server closes first. */
  until: (text: string) => Promise<void>;
  closed: Promise<void>;
}

async function rawClient(token: string | undefined = someId): Promise<RawClient> {
  const tcp = connectTcp(Number(new URL(node.url).port), '127.0.0.1');
  clients.push(tcp);
  let heard = '';
  let look = (): void => undefined;
  tcp.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    look();
  });
  tcp.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => tcp.once('close', () => resolve()));
  const until = (text: string) =>
    new Promise<void>((resolve, reject) => {
      look = () => heard.includes(text) && resolve();
      look();
      void closed.then(() => reject(new Error(`closed before ${text}`)));
    });
  tcp.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n' +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  await until('"pingInterval"');
  if (token !== '') {
    tcp.write(frame(`40${JSON.stringify({ token })}`));
    await until('40{"sid"');
  }
  return { tcp, heard: () => heard, until, closed };
}

async function cutsAsHostile(): Promise<number> {
  const metric = await node.app.get(Metrics).registry.getSingleMetric('cloudhop_cut_sockets_total')!.get();
  return metric.values.find(({ labels }) => labels['reason'] === 'hostile')?.value ?? 0;
}

const close = '42["conversation:close",{"conversationId":"01900000-0000-7000-8000-000000000001"}]';

describe('I12: packets are counted before they are parsed', () => {
  test.each<[string, Buffer, number]>([
    ['acknowledgements of nothing', frame('4399[]'), 0],
    ['connections to other namespaces', frame('40/other,'), 0],
    ['pongs', frame('3'), 0],
    ['heads of binary events', frame('451-["x",{"_placeholder":true,"num":0}]'), 0],
    ['binary attachments', frame('xxxx', 2), 0],
    ['pings of WebSocket', frame('', 9), 0],
    ['pongs of WebSocket', frame('', 10), 0],
    ['packets of no type', frame('9'), 0],
    ['empty packets', frame(''), 0],
    ['events that nobody waits for', frame(close), 20],
    ['events', frame(close.replace('42', '427')), 20],
  ])('%s', async (_, packet, allowed) => {
    contractLimits.requestsPerSecond = 1;
    limits.refusedEvents = 10;
    const { tcp, closed } = await rawClient();
    parsed = 0;
    tcp.write(Buffer.concat(Array.from({ length: 20_000 }, () => packet)));
    await closed;
    expect(parsed).toBeLessThanOrEqual(Math.max(allowed, limits.strayPackets) + 1);
  });

  test('also before anybody has said who it is', async () => {
    const { tcp, closed } = await rawClient('');
    parsed = 0;
    tcp.write(Buffer.concat(Array.from({ length: 20_000 }, () => frame('40/other,'))));
    await closed;
    expect(parsed).toBeLessThanOrEqual(limits.strayPackets + 1);
    expect(await cutsAsHostile()).toBe(1);
  });
});

test('I12: who was cut off has to wait before it is let in again, on whichever socket; others do not', async () => {
  limits.hostileWaitMs = 400;
  const { tcp, closed } = await rawClient();
  tcp.write(Buffer.concat(Array.from({ length: 100 }, () => frame('3'))));
  await closed;
  const { data } = await node.refusal(someId);
  expect(data).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
  expect((await node.refusal(someId.replace(/1$/, '2'))).message).toBe('let in');
  await new Promise((resume) => setTimeout(resume, data!.retryAfterMs));
  expect((await node.refusal(someId)).message).toBe('let in');
});

test('a client that asks as fast as it may, and answers every ping, is not cut', async () => {
  limits.refusedWindowMs = 200;
  const { tcp, until } = await rawClient();
  // Refused ones count too: as many as a socket may have.
  const events = contractLimits.requestsPerSecond / 5 + limits.refusedEvents - 1;
  for (let n = 0; n < events; n++) tcp.write(frame(`42${n}["conversation:close",{"conversationId":"${someId}"}]`));
  // The connect was one, too.
  for (let n = 0; n < limits.strayPackets - 1; n++) tcp.write(frame('3'));
  await until(`43${events - 1}[`);
  expect(await cutsAsHostile()).toBe(0);
});
