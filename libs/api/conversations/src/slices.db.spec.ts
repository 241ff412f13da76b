import { type Actor, type AppSocket, overrideLimits } from '@cloudhop/api/platform';
import { conversationFeed } from '@cloudhop/api/realtime';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type FactPayload, defaultSettings } from '@cloudhop/contracts';
import { EventEmitter } from 'node:events';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, startLogNode } from './testing/log-node';
import { aRoom } from './testing/room';

type Frame = FactPayload<'conversation:changed'>;

const database = testDatabase();
const sliceSize = 3;
let node: LogNode;

beforeAll(async () => {
  // Small frames too, so that the next one is always there while a frame is on its way through the slices.
  overrideLimits({ shardSockets: sliceSize, framePage: 2 });
  node = await startLogNode(database.url);
});
afterAll(() => node.stop());

/** Socket with its rooms and the frames that were emitted to them. */
interface Subscriber {
  socket: AppSocket;
  rooms: Set<string>;
  frames: Frame[];
}

function aSubscriber(actor: Actor): Subscriber {
  const rooms = new Set<string>();
  const socket = {
    data: { actor, isHidden: false, isIdle: false, settings: defaultSettings },
    conn: new EventEmitter(),
    join: (room: string) => rooms.add(room),
    leave: (room: string) => rooms.delete(room),
  } as unknown as AppSocket;
  return { socket, rooms, frames: [] };
}

/** Delivers the node's emissions to the subscribers in their rooms, and calls `onEmit` after each slice. */
function deliverTo(subscribers: Set<Subscriber>, onEmit: (room: string, frame: Frame) => void): () => void {
  const spy = jest.spyOn(node.feeds.realtime, 'emit').mockImplementation((rooms, fact, payload) => {
    const [room] = [rooms].flat();
    for (const subscriber of subscribers) if (subscriber.rooms.has(room!)) subscriber.frames.push(payload as Frame);
    node.emissions.push({ rooms: [rooms].flat(), fact, payload });
    onEmit(room!, payload as Frame);
  });
  return () => spy.mockRestore();
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error('it did not come to that in time');
    await new Promise((resume) => setTimeout(resume, 5));
  }
}

test('I3: every slice of a conversation gets each frame once and in order, also while subscribers come and go between two', async () => {
  const { author, reader, conversationId } = await aRoom(node, 1);
  const feed = conversationFeed(conversationId);
  const subscribers = new Set<Subscriber>();
  const subscribe = async () => {
    const subscriber = aSubscriber(reader);
    subscribers.add(subscriber);
    await node.feeds.subscribe(subscriber.socket, feed);
    node.feeds.activate(subscriber.socket, feed);
    // What a client reads right after it subscribes; frames must connect to that.
    const heads = await node.repository.heads([conversationId]);
    return { ...subscriber, readRev: heads.get(conversationId)!.rev };
  };
  const staying = await Promise.all(Array.from({ length: 10 }, subscribe));
  const leaving = await Promise.all(Array.from({ length: 12 }, subscribe));
  const coming: Promise<Awaited<ReturnType<typeof subscribe>>>[] = [];
  const slices: { room: string; toRev: number }[] = [];
  const stop = deliverTo(subscribers, (room, { toRev }) => {
    slices.push({ room, toRev });
    // Triggers the feed, as every commit and every repair does.
    node.feeds.noticeHead(feed, toRev);
    if (slices.length % 3 === 0) coming.push(subscribe());
    const gone = slices.length % 2 === 0 ? leaving.pop() : undefined;
    if (gone) node.feeds.unsubscribe(gone.socket, feed);
  });
  try {
    for (let burst = 0; burst < 12; burst++) {
      await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          node.log.append(author, { conversationId, id: uuidv7(), body: `${burst}:${n}` }),
        ),
      );
    }
    const headRev = 61;
    const hasReached = ({ frames }: Subscriber) => (frames.at(-1)?.toRev ?? headRev) === headRev;
    await until(() => slices.at(-1)?.toRev === headRev && staying.every(hasReached));
    // No more subscribers join after the last slice.
    const came = await Promise.all(coming);
    await until(() => came.every(hasReached));
    for (const { frames } of staying) {
      const revs = frames.flatMap(({ changes }) => changes.map(({ rev }) => rev));
      expect(revs).toEqual(Array.from({ length: 60 }, (_, n) => n + 2));
    }
    expect(came.length).toBeGreaterThan(3);
    for (const { frames, readRev } of came) {
      let rev = frames[0]?.fromRev ?? headRev;
      expect(rev).toBeLessThanOrEqual(readRev);
      for (const { fromRev, toRev } of frames) {
        expect(fromRev).toBe(rev);
        rev = toRev;
      }
      expect(rev).toBe(headRev);
    }
    // The next frame waits for the last slice of the one before it.
    expect(slices.map(({ toRev }) => toRev)).toEqual(slices.map(({ toRev }) => toRev).sort((a, b) => a - b));
    expect(new Set(slices.map(({ room }) => room)).size).toBeGreaterThan(3);
    for (const [, ofFrame] of Map.groupBy(slices, ({ toRev }) => toRev))
      expect(new Set(ofFrame.map(({ room }) => room)).size).toBe(ofFrame.length);
  } finally {
    stop();
  }
});
