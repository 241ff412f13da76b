import { limits } from '@cloudhop/contracts';
import { aLiveWorld, lobbyId, say, type World } from '../testing/worlds';
import { draftOf } from './drafts';

const type = ({ device }: World, body: string) => device.dispatch({ type: 'setDraft', conversationId: lobbyId, body });
const shown = ({ device }: World) => draftOf(device.state, lobbyId);
const elsewhere = ({ device, server }: World, body: string) =>
  server.setDraft(device.userId, { conversationId: lobbyId, body });

describe('a draft', () => {
  it('is told at most every two seconds, and then as it is by then', () => {
    const world = aLiveWorld();
    type(world, 'h');
    expect(world.device.up.map(({ payload }) => payload)).toEqual([{ conversationId: lobbyId, body: 'h' }]);
    for (const body of ['he', 'hel', 'hell', 'hello']) type(world, body);
    const began = world.clock.now;
    world.device.serve();
    while (world.device.down.length > 0) world.device.deliver();
    expect(world.device.up).toEqual([]);
    world.device.settle();
    expect(world.clock.now - began).toBeGreaterThanOrEqual(limits.draftIntervalMs);
    expect(shown(world)).toBe('hello');
    expect(world.device.state.personal.drafts.get(lobbyId)).toEqual({ body: 'hello' });
  });

  it('of another device shows, but not over what is being typed here', () => {
    const world = aLiveWorld();
    elsewhere(world, 'from the phone');
    world.device.settle();
    expect(shown(world)).toBe('from the phone');
    type(world, 'from the desk');
    elsewhere(world, 'from the phone again');
    while (world.device.down.length > 0) world.device.deliver();
    expect(shown(world)).toBe('from the desk');
    world.device.settle();
    expect(shown(world)).toBe('from the desk');
    // Told and come back: from now on the latest word wins.
    elsewhere(world, 'from the phone at last');
    world.device.settle();
    expect(shown(world)).toBe('from the phone at last');
  });

  it('does not flicker back between its acknowledgement and its return by the feed', () => {
    const world = aLiveWorld();
    elsewhere(world, 'before');
    world.device.settle();
    type(world, 'after');
    world.device.serve();
    const answer = world.device.down.findIndex(({ isFact }) => !isFact);
    world.device.deliver(answer);
    expect(shown(world)).toBe('after');
    world.device.settle();
    expect(shown(world)).toBe('after');
  });

  it('that becomes again what the server has is here no more', () => {
    const world = aLiveWorld();
    type(world, 'once');
    world.device.serve();
    type(world, 'once more');
    while (world.device.down.length > 0) world.device.deliver();
    type(world, 'once');
    world.device.settle();
    expect(world.device.state.personal.drafts.get(lobbyId)).toEqual({ body: 'once' });
  });

  it('outlives a reload that comes before the server knows of it', () => {
    const world = aLiveWorld();
    type(world, 'half a thought');
    world.device.reload();
    expect(shown(world)).toBe('half a thought');
    world.device.settle();
    expect(world.device.state.personal.drafts.get(lobbyId)).toEqual({ body: 'half a thought' });
  });

  it('is none any more once it is said, also when the page went in that moment', () => {
    const world = aLiveWorld();
    type(world, 'said and gone ');
    say(world, 'said and gone');
    world.device.reload();
    expect(shown(world)).toBe('');
    world.device.settle();
    expect(world.device.state.personal.drafts.get(lobbyId)).toBeUndefined();
  });

  it('is none any more either when its own request was late: the next page hears of it by the feed', () => {
    const world = aLiveWorld();
    say(world, 'said and gone');
    world.device.reload();
    // The former page sent the draft just before, and the server stores it now.
    elsewhere(world, 'said and gone');
    world.device.settle();
    expect(shown(world)).toBe('');
    expect(world.device.state.personal.drafts.get(lobbyId)).toBeUndefined();
  });

  it('of the same text as a message of a former page is kept when it is typed anew', () => {
    const world = aLiveWorld();
    say(world, 'again');
    world.device.reload();
    world.device.settle();
    type(world, 'again');
    elsewhere(world, 'from the phone');
    world.device.settle();
    expect(shown(world)).toBe('again');
  });
});
