import type { NodeBus, PublishedFrame } from '../bus';
import { conversationFeed } from '../feeds';

const feed = conversationFeed('a');
const other = conversationFeed('b');
const frame = (toRev: number, of = feed): PublishedFrame => ({
  epoch: 'epoch-1',
  feed: of,
  fromRev: toRev - 1,
  toRev,
  changes: [],
  users: [],
});
/** Collects the frames of the feed that arrive at a node. */
async function framesAt(node: NodeBus) {
  const frames: PublishedFrame[] = [];
  let arrived = () => {};
  await node.subscribe(feed, (each) => {
    frames.push(each);
    arrived();
  });
  /** Resolves once the frame that ends at this rev has arrived. */
  const until = (toRev: number) =>
    new Promise<void>((resolve) => {
      arrived = () => frames.at(-1)?.toRev === toRev && resolve();
      arrived();
    });
  return { frames, until };
}

/** Contract of every bus; each implementation runs the same tests. `nodes` returns two buses that are connected. */
export function describeNodeBus(name: string, nodes: () => Promise<readonly [NodeBus, NodeBus]>): void {
  describe(name, () => {
    test('carries a frame to the other nodes that subscribed to the feed, and not back to the sender', async () => {
      const [here, there] = await nodes();
      const [own, received] = [await framesAt(here), await framesAt(there)];
      here.publish(frame(1));
      here.publish(frame(1, other));
      here.publish(frame(2));
      await received.until(2);
      expect(received.frames).toEqual([frame(1), frame(2)]);
      // The sender gets what the other node publishes later, and nothing before it.
      there.publish(frame(3));
      await own.until(3);
      expect(own.frames).toEqual([frame(3)]);
    });

    test('delivers nothing after the subscription ended', async () => {
      const [here, there] = await nodes();
      const received: PublishedFrame[] = [];
      const unsubscribe = await there.subscribe(feed, (each) => received.push(each));
      const others = await framesAt(there);
      unsubscribe();
      here.publish(frame(1));
      await others.until(1);
      expect(received).toEqual([]);
    });

    test('carries ephemeral messages by channel, apart from the frames of a feed of the same name', async () => {
      const [here, there] = await nodes();
      const received: object[] = [];
      const frames = await framesAt(there);
      await there.subscribeEphemeral(feed, (message) => received.push(message));
      here.publishEphemeral(other, { n: 0 });
      here.publishEphemeral(feed, { n: 1 });
      here.publish(frame(1));
      await frames.until(1);
      expect(received).toEqual([{ n: 1 }]);
      expect(frames.frames).toEqual([frame(1)]);
    });

    test('goes on when a listener throws', async () => {
      const [here, there] = await nodes();
      await there.subscribe(feed, () => {
        throw new Error('a listener that fails');
      });
      const others = await framesAt(there);
      here.publish(frame(1));
      here.publish(frame(2));
      await others.until(2);
      expect(others.frames).toHaveLength(2);
    });

    test('is connected, and says so', async () => {
      const [here, there] = await nodes();
      expect([here.state, there.state]).toEqual(['connected', 'connected']);
    });

    test('does not deliver within the call that publishes', async () => {
      const [here, there] = await nodes();
      const received: PublishedFrame[] = [];
      await there.subscribe(feed, (each) => received.push(each));
      here.publish(frame(1));
      expect(received).toEqual([]);
    });
  });
}
