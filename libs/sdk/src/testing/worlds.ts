import type { ModelLimits } from './model-server';
import { ModelServer } from './model-server';
import { ModelClock, ModelDevice } from './model-device';

export const lobbyId = '01900000-0000-7000-8000-000000000001';
export const me = '01900000-0000-7000-8000-0000000000a1';
export const other = '01900000-0000-7000-8000-0000000000a2';

export interface World {
  server: ModelServer;
  clock: ModelClock;
  device: ModelDevice;
}

/** A lobby with two people, one of them behind a device. Small pages, so that short programs reach their ends. */
export function aWorld(limits: ModelLimits = { page: 3, resetBeyond: 12, open: 5 }): World {
  const server = new ModelServer(lobbyId, limits);
  server.addUser({ id: me, kind: 'guest', displayName: 'Me', profileRev: 1 });
  server.addUser({ id: other, kind: 'guest', displayName: 'Other', profileRev: 1 });
  const clock = new ModelClock();
  const device = new ModelDevice(me, server, clock);
  connect(server, device);
  return { server, clock, device };
}

/** Delivers the server's facts to a device: its own, and those of the lobby while its user may read. */
export function connect(server: ModelServer, device: ModelDevice): void {
  const { onFact } = server;
  server.onFact = (fact, userId) => {
    onFact(fact, userId);
    if (userId === undefined ? server.mayRead(device.userId) : userId === device.userId) device.hear(fact);
  };
}

/** A world that is live and at rest. */
export function aLiveWorld(limits?: ModelLimits): World {
  const world = aWorld(limits);
  world.device.settle();
  return world;
}

export function say(world: World, body: string): string {
  const id = world.clock.nextId();
  world.device.dispatch({ type: 'send', conversationId: lobbyId, id, body });
  return id;
}

export function hear(world: World, body: string): string {
  const id = world.clock.nextId();
  world.server.answer(other, 'message:send', { conversationId: lobbyId, id, body });
  return id;
}
