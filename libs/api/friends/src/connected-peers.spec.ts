import { EventEmitter } from 'node:events';
import { defaultSettings } from '@cloudhop/contracts';
import type { AppSocket, RealtimeServer } from '@cloudhop/api/platform';
import type { FeedHub, PresenceDirectory, PresenceRegistry, ReplicatedState } from '@cloudhop/api/realtime';
import { ConnectedPeers } from './connected-peers.service';
import type { FriendsRepository } from './friends.repository';

test('a device that closes while another of the same person arrives does not take that one along', async () => {
  let arrive: (socket: AppSocket) => Promise<void> = async () => undefined;
  const repository = {
    connectedPerson: async () => ({ rev: 0, friends: new Set(), blocked: new Set(), settings: defaultSettings }),
  } as unknown as FriendsRepository;
  const realtime = { onHandshake: (step: typeof arrive) => void (arrive = step) } as unknown as RealtimeServer;
  const feeds = { onChange: () => undefined } as unknown as FeedHub;
  const directory = { arrive: () => undefined } as unknown as PresenceDirectory;
  const state = { section: () => ({ set: () => undefined, others: () => [] }) } as unknown as ReplicatedState;
  const peers = new ConnectedPeers(repository, realtime, feeds, {} as PresenceRegistry, directory, state);
  peers.onModuleInit();
  const aSocket = () =>
    ({
      data: { actor: { userId: 'ada' } },
      conn: Object.assign(new EventEmitter(), { readyState: 'open' }),
    }) as unknown as AppSocket;
  const [first, second] = [aSocket(), aSocket()];
  const arrivals = [arrive(first), arrive(second)];
  Object.assign(first.conn, { readyState: 'closed' }).emit('close');
  await Promise.all(arrivals);
  expect([...(peers.find('ada')?.sockets ?? [])]).toEqual([second]);
  Object.assign(second.conn, { readyState: 'closed' }).emit('close');
  expect(peers.find('ada')).toBeUndefined();
});
