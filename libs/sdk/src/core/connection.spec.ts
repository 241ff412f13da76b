import { aLiveWorld, hear, lobbyId, type World } from '../testing/worlds';

const status = ({ device }: World) => device.state.connection.status;
const pass = ({ device, clock }: World, ms: number) => {
  clock.now += ms;
  device.dispatch({ type: 'ticked' });
};

describe('a connection that the device holds for gone', () => {
  it('stays when the server answers: it may be on this very machine', () => {
    const world = aLiveWorld();
    const { socket } = world.device.state.connection;
    world.device.dispatch({ type: 'offlineHinted' });
    world.device.settle();
    pass(world, 5_000);
    world.device.settle();
    expect(world.device.state.connection).toMatchObject({ status: 'open', socket });
  });

  it('is given up after three seconds of silence, and comes back with what was missed', () => {
    const world = aLiveWorld();
    world.device.dispatch({ type: 'offlineHinted' });
    world.device.up.length = 0;
    pass(world, 2_900);
    expect(status(world)).toBe('open');
    pass(world, 200);
    expect(status(world)).toBe('waiting');
    hear(world, 'meanwhile');
    world.device.cut(false);
    world.device.dispatch({ type: 'woken' });
    world.device.settle();
    expect(status(world)).toBe('open');
    expect(world.device.state.feeds.get(lobbyId)?.rows.at(-1)?.message.body).toBe('meanwhile');
  });
});
