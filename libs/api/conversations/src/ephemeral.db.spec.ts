import type { AppSocket, RealtimeServer } from '@cloudhop/api/platform';
import { MemoryNetwork } from '@cloudhop/api/realtime';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { FactName, FactPayload, User } from '@cloudhop/contracts';
import { type LogNode, conversationFeed, startLogNode } from './testing/log-node';
import { aRoom } from './testing/room';
import { TypingService } from './typing.service';

const database = testDatabase();
let here: LogNode;
let there: LogNode;

beforeAll(async () => {
  const network = new MemoryNetwork();
  here = await startLogNode(database.url, { network });
  there = await startLogNode(database.url, { network });
});
afterAll(() => Promise.all([here.stop(), there.stop()]));

/** Starts typing notices on a node. `next` resolves with the next fact that the node emits. */
function aTypingService({ feeds }: LogNode) {
  let received: (fact: FactPayload<'typing:changed'>) => void = () => undefined;
  const emit = (_to: unknown, _fact: FactName, payload: FactPayload<'typing:changed'>) => received(payload);
  const realtime = { emit, emitTo: emit } as unknown as RealtimeServer;
  const typing = new TypingService(feeds, realtime, { blockedBy: () => undefined, apartFrom: () => undefined });
  typing.onModuleInit();
  return { typing, next: () => new Promise<FactPayload<'typing:changed'>>((resolve) => (received = resolve)) };
}

/** Resolves with the read marks that a node emits for a conversation. */
async function emittedMarks({ emissions }: LogNode, conversationId: string) {
  for (;;) {
    for (const { fact, payload } of emissions) {
      if (fact !== 'read:changed') continue;
      const changed = payload as FactPayload<'read:changed'>;
      if (changed.conversationId === conversationId) return changed.marks;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('readers on two nodes', () => {
  test('see each other type and stop', async () => {
    const { author, reader, conversationId } = await aRoom(here);
    const feed = conversationFeed(conversationId);
    const socket: AppSocket = await here.subscriber(author, feed);
    socket.data.user = { id: author.userId, kind: 'guest', displayName: 'Ada', profileRev: 1 } satisfies User;
    await there.subscriber(reader, feed);
    const [own, others] = [aTypingService(here), aTypingService(there)];
    for (const on of [true, false]) {
      const next = others.next();
      own.typing.set(author, { conversationId, on }, socket);
      expect(await next).toMatchObject({ conversationId, userIds: on ? [author.userId] : [], count: on ? 1 : 0 });
    }
    for (const { typing } of [own, others]) typing.onApplicationShutdown();
  });

  test('see how far the other one has read', async () => {
    const { author, reader, conversationId } = await aRoom(here, 3);
    // Marks are for direct conversations and groups.
    await database.query(`update conversations set kind = 'group' where id = $1`, [conversationId]);
    const feed = conversationFeed(conversationId);
    await here.subscriber(reader, feed);
    await there.subscriber(author, feed);
    await here.readMarks.move(reader, { conversationId, seq: 2 });
    expect(await emittedMarks(there, conversationId)).toMatchObject([{ userId: reader.userId, readSeq: 2 }]);
  });
});
