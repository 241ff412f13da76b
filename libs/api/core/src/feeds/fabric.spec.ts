import { type Fabric, MemoryBus, MemoryFabric, type PublishedFrame } from './fabric';
import { conversationFeed } from './feed';

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
const settled = () => new Promise((resume) => setTimeout(resume, 20));

/** What every fabric promises; each form runs the same. */
function describeFabric(name: string, nodes: () => [Fabric, Fabric]): void {
  describe(name, () => {
    test('carries a frame to the other nodes that follow the feed, and not back to the sender', async () => {
      const [here, there] = nodes();
      const [own, received]: [PublishedFrame[], PublishedFrame[]] = [[], []];
      await here.subscribe(feed, (each) => own.push(each));
      await there.subscribe(feed, (each) => received.push(each));
      here.publish(frame(1));
      here.publish(frame(1, other));
      await settled();
      expect(received).toEqual([frame(1)]);
      expect(own).toEqual([]);
    });

    test('delivers nothing after the subscription ended', async () => {
      const [here, there] = nodes();
      const received: PublishedFrame[] = [];
      const unsubscribe = await there.subscribe(feed, (each) => received.push(each));
      unsubscribe();
      here.publish(frame(1));
      await settled();
      expect(received).toEqual([]);
    });

    test('does not deliver within the call that publishes', async () => {
      const [here, there] = nodes();
      const received: PublishedFrame[] = [];
      await there.subscribe(feed, (each) => received.push(each));
      here.publish(frame(1));
      expect(received).toEqual([]);
    });
  });
}

describeFabric('the fabric in memory', () => {
  const bus = new MemoryBus();
  return [new MemoryFabric(bus), new MemoryFabric(bus)];
});
