import type { HistoryReply } from '@cloudhop/contracts';
import { channels } from '../channels';
import { freezeDetector } from '../freeze-detector';
import { limits } from '../limits';
import { RealtimeServer } from '../realtime-server';
import { type EdgeNode, script, someId, startEdgeNode } from '../testing/edge-node';

const original = script.history;
let node: EdgeNode;
let frozenMs = 0;
const clock = performance.now.bind(performance);

beforeEach(async () => {
  frozenMs = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => clock() + frozenMs);
  node = await startEdgeNode();
});
afterEach(async () => {
  script.history = original;
  await node.close();
  jest.restoreAllMocks();
  freezeDetector.start();
});

const freeze = () => (frozenMs += limits.freezeMs + 1);
const history = { conversationId: someId, limit: 10 };
const empty: HistoryReply = { messages: [], users: [], mine: [], rev: 0, hasBefore: false, hasAfter: false };

/** Holds reads until `answer` is called. */
function holdReads() {
  let begin!: () => void;
  let answer!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const reply = new Promise<HistoryReply>((resolve) => (answer = () => resolve(empty)));
  script.history = () => (begin(), reply);
  return { begun, answer };
}

test('I6: after a freeze a fact reaches nobody who was connected before, and everybody who connects again', async () => {
  const socket = await node.connect();
  const facts: string[] = [];
  socket.onAny((name: string) => facts.push(name));
  const closed = new Promise((resolve) => socket.once('disconnect', resolve));
  const tell = () =>
    node.app.get(RealtimeServer).emit(channels.user(someId), 'session:revoked', { sessionId: '', reason: 'revoked' });
  freeze();
  tell();
  await closed;
  expect(facts).toEqual([]);
  const again = await node.connect();
  const heard = new Promise((resolve) => again.once('session:revoked', resolve));
  tell();
  await heard;
});

test('I6: a reply that was under way during a freeze is not sent', async () => {
  const socket = await node.connect();
  const { begun, answer } = holdReads();
  const reply = jest.fn();
  const closed = new Promise((resolve) => socket.once('disconnect', resolve));
  socket.emit('conversation:history', history, reply);
  await begun;
  freeze();
  answer();
  await closed;
  expect(reply).not.toHaveBeenCalled();
});

test('I6: a read over REST that was under way during a freeze is asked again', async () => {
  const { begun, answer } = holdReads();
  const response = node.api('GET', `/conversations/${someId}/messages`, {
    headers: { authorization: `Bearer ${someId}` },
  });
  await begun;
  freeze();
  answer();
  expect((await response).status).toBe(503);
});

test('I6: a handshake that was under way during a freeze is refused', async () => {
  let begin!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let go!: () => void;
  const held = new Promise<void>((resolve) => (go = resolve));
  node.app.get(RealtimeServer).onHandshake(() => (begin(), held));
  const refusal = node.refusal(someId);
  await begun;
  freeze();
  go();
  expect(await refusal).toMatchObject({ data: { code: 'unavailable' } });
});
