import { Draining, limits } from '@cloudhop/api/platform';
import { MemoryNetwork, MemoryNodeBus } from '../bus';
import { NodeDirectory } from './node-directory';

const delivered = () => jest.advanceTimersByTimeAsync(1);

function aNode(network: MemoryNetwork) {
  const draining = new Draining();
  const bus = new MemoryNodeBus(network);
  const directory = new NodeDirectory(bus, draining);
  const gone: string[] = [];
  directory.onGone((id) => gone.push(id));
  return { directory, draining, gone, bus, ids: () => directory.nodes.map(({ id }) => id) };
}

describe('the directory of nodes', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('knows each node that started, whichever was first', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    await one.directory.onApplicationBootstrap();
    await two.directory.onApplicationBootstrap();
    await delivered();
    expect(one.ids().sort()).toEqual([one.directory.self.id, two.directory.self.id].sort());
    expect(two.ids().sort()).toEqual(one.ids().sort());
  });

  it('forgets a node that stops in order at once, and a silent one when its lease is over', async () => {
    const network = new MemoryNetwork();
    const [one, two, three] = [aNode(network), aNode(network), aNode(network)];
    for (const { directory } of [one, two, three]) await directory.onApplicationBootstrap();
    await delivered();
    await two.draining.drain('test');
    await delivered();
    expect(one.gone).toEqual([two.directory.self.id]);
    network.buses.delete(three.bus);
    await jest.advanceTimersByTimeAsync(limits.nodeLeaseMs / 2);
    expect(one.gone).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(limits.nodeLeaseMs);
    expect(one.gone).toEqual([two.directory.self.id, three.directory.self.id]);
    expect(one.ids()).toEqual([one.directory.self.id]);
  });

  it('keeps the nodes it knows through a short interruption, and asks once it is over', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    await one.directory.onApplicationBootstrap();
    network.interrupt();
    await two.directory.onApplicationBootstrap();
    await delivered();
    expect(one.ids()).toHaveLength(1);
    network.heal();
    await delivered();
    expect(one.ids()).toHaveLength(2);
    expect(two.ids()).toHaveLength(2);
  });
});
