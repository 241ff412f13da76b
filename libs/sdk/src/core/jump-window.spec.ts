import { aLiveWorld, hear, lobbyId, other, type World } from '../testing/worlds';
import { Timelines } from './timeline';

/** A conversation of `count` messages of which this device has the last five. */
function aLongWorld(count: number): World & { ids: string[] } {
  const world = aLiveWorld();
  world.device.cut();
  const ids = Array.from({ length: count }, (_, n) => hear(world, `${n + 1}`));
  world.device.settle();
  return { ...world, ids };
}

const timelines = new Timelines();
const view = ({ device }: Pick<World, 'device'>) => timelines.view(device.state, lobbyId)!;
const shown = (world: Pick<World, 'device'>) => view(world).entries.map(({ message }) => message.body);
const jump = ({ device }: World, seq: number) => {
  device.dispatch({ type: 'jumpTo', conversationId: lobbyId, seq });
  device.settle();
};
const loadAfter = ({ device }: World) => {
  device.dispatch({ type: 'loadAfter', conversationId: lobbyId });
  device.settle();
};

describe('a jump', () => {
  it('to what is loaded only says where to look', () => {
    const world = aLongWorld(20);
    jump(world, 18);
    expect(view(world)).toMatchObject({ hasAfter: false, jump: { seq: 18 } });
    const { id } = view(world).jump!;
    jump(world, 18);
    expect(view(world).jump!.id).not.toBe(id);
  });

  it('to what is far shows the rows around it, and goes on in both directions until they are one with the latest', () => {
    const world = aLongWorld(300);
    jump(world, 100);
    expect(shown(world)).toContain('100');
    expect(shown(world)).not.toContain('300');
    expect(view(world)).toMatchObject({ hasBefore: true, hasAfter: true, jump: { seq: 100 } });
    const first = view(world).entries[0]!.message.seq;
    world.device.dispatch({ type: 'loadBefore', conversationId: lobbyId });
    world.device.settle();
    expect(view(world).entries[0]!.message.seq).toBeLessThan(first);
    for (let n = 0; n < 10 && view(world).hasAfter; n++) loadAfter(world);
    expect(view(world).hasAfter).toBe(false);
    const seqs = view(world).entries.map(({ message }) => message.seq);
    expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
    expect(seqs.at(-1)).toBe(300);
  });

  it('is left for the latest messages, where what came meanwhile stands', () => {
    const world = aLongWorld(200);
    jump(world, 50);
    hear(world, 'news');
    world.device.settle();
    expect(shown(world)).not.toContain('news');
    world.device.dispatch({ type: 'jumpToLatest', conversationId: lobbyId });
    expect(shown(world).at(-1)).toBe('news');
    expect(view(world)).not.toHaveProperty('jump');
  });

  it('to another far place keeps what is shown until that is there, and goes on from nowhere meanwhile', () => {
    const world = aLongWorld(300);
    jump(world, 50);
    world.device.dispatch({ type: 'jumpTo', conversationId: lobbyId, seq: 150 });
    expect(shown(world)).toContain('50');
    expect(view(world)).toMatchObject({ isLoadingBefore: true, isLoadingAfter: true });
    expect(view(world)).not.toHaveProperty('jump');
    world.device.dispatch({ type: 'loadBefore', conversationId: lobbyId });
    world.device.dispatch({ type: 'loadAfter', conversationId: lobbyId });
    world.device.settle();
    expect(shown(world)).toContain('150');
    expect(shown(world)).not.toContain('50');
    expect(view(world)).toMatchObject({ isLoadingBefore: false, isLoadingAfter: false, jump: { seq: 150 } });
  });

  it('back to what is shown forgets the other place that was asked for', () => {
    const world = aLongWorld(300);
    jump(world, 50);
    world.device.dispatch({ type: 'jumpTo', conversationId: lobbyId, seq: 150 });
    world.device.serve();
    world.device.dispatch({ type: 'jumpTo', conversationId: lobbyId, seq: 49 });
    world.device.settle();
    expect(shown(world)).toContain('49');
    expect(view(world)).toMatchObject({ jump: { seq: 49 } });
  });

  it('I4: what is shown around a message follows what happens to it, also while its page is on its way', () => {
    const world = aLongWorld(200);
    world.device.dispatch({ type: 'jumpTo', conversationId: lobbyId, seq: 50 });
    world.device.serve();
    const change = (n: number, body: string) =>
      world.server.answer(other, 'message:edit', {
        conversationId: lobbyId,
        id: world.ids[n - 1]!,
        body,
        editId: world.clock.nextId(),
      });
    // The frame overtakes the page that was read before it.
    change(50, 'changed on the way');
    world.device.deliver();
    world.device.settle();
    expect(shown(world)).toContain('changed on the way');
    change(51, 'changed later');
    world.server.answer(other, 'message:delete', { conversationId: lobbyId, id: world.ids[51]! });
    world.device.settle();
    expect(shown(world)).toContain('changed later');
    expect(shown(world)).not.toContain('52');
  });

  it('to one’s own message has what stands above it as read', () => {
    const world = aLiveWorld();
    world.device.cut();
    for (let n = 1; n <= 300; n++) {
      const id = world.clock.nextId();
      const author = n === 100 ? world.device.userId : other;
      world.server.answer(author, 'message:send', { conversationId: lobbyId, id, body: `${n}` });
    }
    world.device.settle();
    expect(view(world).readSeq).toBe(0);
    jump(world, 110);
    expect(view(world).readSeq).toBe(100);
  });

  it('to what is gone shows the place where it was', () => {
    const world = aLongWorld(200);
    jump(world, 9_999);
    expect(view(world)).toMatchObject({ hasAfter: false, jump: { seq: 9_999 } });
    expect(shown(world).at(-1)).toBe('200');
  });
});
