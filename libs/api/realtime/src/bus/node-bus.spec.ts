import { describeNodeBus } from '../testing/node-bus-contract';
import { MemoryNetwork, MemoryNodeBus } from './node-bus';

describeNodeBus('the bus in memory', async () => {
  const network = new MemoryNetwork();
  return [new MemoryNodeBus(network), new MemoryNodeBus(network)];
});

test('a bus without a network is alone, and publishing does nothing', async () => {
  const bus = new MemoryNodeBus();
  const received: object[] = [];
  await bus.subscribeEphemeral('a', (message) => received.push(message));
  bus.publishEphemeral('a', {});
  await new Promise((resolve) => setImmediate(resolve));
  expect(bus.state).toBe('single');
  expect(received).toEqual([]);
});
