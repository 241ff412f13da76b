import { aLiveWorld, hear, lobbyId, me, other } from '../testing/worlds';

describe('own reactions that nobody told', () => {
  it('I4: are asked for however far above and apart the messages are, after one wait', () => {
    const world = aLiveWorld({ page: 1_000, resetBeyond: 10_000, open: 5 });
    const ids = Array.from({ length: 700 }, (_, n) => hear(world, `m${n}`));
    world.device.settle();
    const reacted = [0, 250, 699].map((n) => ids[n]!);
    for (const id of reacted)
      world.server.answer(me, 'message:react', { conversationId: lobbyId, id, emoji: '🎉', on: true });
    // Only the latest states come, as after a repair: whose the reactions are is not among them.
    world.device.down = [];
    const changes = reacted.map((id) => {
      world.server.answer(other, 'message:react', { conversationId: lobbyId, id, emoji: '👋', on: true });
      return world.server.lobby.messages().find((message) => message.id === id)!;
    });
    world.device.down = [];
    world.device.hear({
      name: 'conversation:changed',
      payload: {
        epoch: world.server.epoch,
        conversationId: lobbyId,
        fromRev: 700,
        toRev: world.server.lobby.rev,
        changes: changes.map((message) => ({ kind: 'message', rev: message.rev, message })),
        users: [],
      },
    });
    const began = world.clock.now;
    world.device.settle();
    const rows = world.device.state.feeds.get(lobbyId)!.rows.filter(({ message }) => reacted.includes(message.id));
    expect(rows.map(({ mine }) => mine)).toEqual([['🎉'], ['🎉'], ['🎉']]);
    expect(world.clock.now - began).toBeLessThan(7_000);
  });
});
