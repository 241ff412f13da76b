import { aLiveWorld, lobbyId, say } from '../testing/worlds';
import { Timelines } from './timeline';

describe('the view of a conversation', () => {
  it('I2: shows a message once that storage has both as a row of another timeline and as waiting', () => {
    const world = aLiveWorld();
    const { device } = world;
    say(world, 'once');
    const [entry] = device.state.outbox;
    device.settle();
    device.storage.outbox.set(entry!.entryId, { ...entry!, mayBeStored: true });
    device.storage.personal = { ...device.storage.personal!, epoch: 'another' };
    device.reload();
    expect(device.state.outbox).toHaveLength(1);
    const lines = new Timelines().view(device.state, lobbyId)!.entries;
    expect(lines.map(({ message }) => message.body)).toEqual(['once']);
  });

  it('says of a message that waits for one that was refused that it is held', () => {
    const world = aLiveWorld();
    say(world, 'refused');
    world.device.state = {
      ...world.device.state,
      outbox: world.device.state.outbox.map((entry) => ({ ...entry, state: 'failed' as const })),
    };
    say(world, 'next');
    const lines = new Timelines().view(world.device.state, lobbyId)!.entries;
    expect(lines.map(({ status, isHeld }) => [status, isHeld])).toEqual([
      ['failed', undefined],
      ['waiting', true],
    ]);
  });
});
