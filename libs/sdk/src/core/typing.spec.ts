import { limits } from '@cloudhop/contracts';
import { aLiveWorld, hear, lobbyId, me, other, type World } from '../testing/worlds';
import { TypingViews } from './typing';

const strike = ({ device }: World, isTyping = true) =>
  device.dispatch({ type: 'setTyping', conversationId: lobbyId, isTyping });
const told = (world: World) => {
  const asked = world.device.up.flatMap(({ name, payload }) =>
    name === 'typing:set' ? [(payload as { on: boolean }).on] : [],
  );
  while (world.device.up.length > 0) world.device.serve();
  while (world.device.down.length > 0) world.device.deliver();
  return asked;
};
const wait = (world: World, ms: number) => {
  world.clock.now += ms;
  world.device.dispatch({ type: 'ticked' });
};
const types = (world: World, ...userIds: string[]) => {
  const payload = { conversationId: lobbyId, userIds, count: userIds.length, users: [] };
  world.device.hear({ name: 'typing:changed', payload });
  world.device.deliver();
};
const seen = (world: World) => new TypingViews().view(world.device.state, lobbyId);

describe('what is typed here', () => {
  it('is told at once, then every few seconds while keys are struck, and ends by itself', () => {
    const world = aLiveWorld();
    strike(world);
    expect(told(world)).toEqual([true]);
    for (let n = 0; n < 10; n++) {
      wait(world, limits.typingRepeatMs / 10);
      strike(world);
    }
    expect(told(world)).toEqual([true]);
    wait(world, 20_000);
    expect(told(world)).toEqual([false]);
    wait(world, 20_000);
    expect(told(world)).toEqual([]);
  });

  it('ends at once when it is sent, and is not told at all when nothing was', () => {
    const world = aLiveWorld();
    strike(world);
    expect(told(world)).toEqual([true]);
    strike(world, false);
    expect(told(world)).toEqual([false]);
    strike(world, false);
    expect(told(world)).toEqual([]);
  });

  it('is told to nobody without a connection', () => {
    const world = aLiveWorld();
    world.device.cut();
    strike(world);
    expect(told(world).includes(true)).toBe(false);
  });
});

describe('who types elsewhere', () => {
  it('vanishes without another word, with what is said, and with the connection', () => {
    const world = aLiveWorld();
    types(world, other);
    expect(seen(world)).toEqual({ userIds: [other], count: 1 });
    wait(world, limits.typingShownMs);
    expect(seen(world).count).toBe(0);
    types(world, other);
    hear(world, 'said');
    while (world.device.down.length > 0) world.device.deliver();
    expect(seen(world).count).toBe(0);
    types(world, other);
    world.device.cut();
    expect(seen(world).count).toBe(0);
  });

  it('is never oneself, nor whom one folds', () => {
    const world = aLiveWorld();
    types(world, me, other);
    expect(seen(world)).toEqual({ userIds: [other], count: 1 });
    const { personal } = world.device.state;
    const state = { ...world.device.state, personal: { ...personal, blocks: new Map([[other, 'muted' as const]]) } };
    expect(new TypingViews().view(state, lobbyId)).toEqual({ userIds: [], count: 0 });
  });
});
