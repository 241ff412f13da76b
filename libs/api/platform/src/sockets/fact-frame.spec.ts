import { channels } from '../channels';
import { RealtimeServer } from '../realtime-server';
import { someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';
import { encodeFact } from './fact-frame';

let node: EdgeNode;
beforeEach(async () => (node = await startEdgeNode()));
afterEach(() => node.close());

const fact = (text: string) => ({ sessionId: text, reason: 'revoked' as const });
/** Bytes of a frame of `fact` around its text. */
const around = `42["session:revoked",${JSON.stringify(fact(''))}]`.length;

test('a fact arrives whole, whatever form its length takes', async () => {
  const socket = await node.connect();
  const heard: unknown[] = [];
  socket.on('session:revoked', (payload: unknown) => heard.push(payload));
  // 7, 16 and 64 bits, at both ends of each; and text whose bytes are more than its characters.
  const texts = [125, 126, 65_535, 65_536, 200_000].map((bytes) => 'x'.repeat(bytes - around));
  texts.push('', '好🌷\u2028"\\', '好'.repeat(30_000));
  const realtime = node.app.get(RealtimeServer);
  for (const text of texts) realtime.emit(channels.user(someId), 'session:revoked', fact(text));
  await socket.timeout(2_000).emitWithAck('presence:set', { hidden: true });
  expect(heard).toEqual(texts.map(fact));
});

test('who is in several of the rooms is told once, who was not let in yet is not told', async () => {
  const realtime = node.app.get(RealtimeServer);
  realtime.onHandshake(async (socket) => {
    await socket.join('b');
    realtime.emit('b', 'session:revoked', fact('early'));
  });
  const socket = await node.connect();
  const heard: unknown[] = [];
  socket.on('session:revoked', (payload: unknown) => heard.push(payload));
  realtime.emit([channels.user(someId), 'b', 'nowhere'], 'session:revoked', fact('several'));
  realtime.emit(['b'], 'session:revoked', fact('one'));
  realtime.emit('nowhere', 'session:revoked', fact('none'));
  await socket.timeout(2_000).emitWithAck('presence:set', { hidden: true });
  expect(heard).toEqual([fact('several'), fact('one')]);
});

test('the packet without its frame is the one that Socket.IO would have made', () => {
  expect(encodeFact('session:revoked', fact('x')).packet).toBe(`2["session:revoked",${JSON.stringify(fact('x'))}]`);
});
