import fc from 'fast-check';
import { aLiveWorld, hear, lobbyId, other, say } from '../testing/worlds';
import { inState } from './outbox-entry';
import { Timelines } from './timeline';

describe('the view of a conversation', () => {
  it('I2: shows a message once that storage has both as a row of another timeline and as waiting', () => {
    const world = aLiveWorld();
    const { device } = world;
    say(world, 'once');
    const [entry] = device.state.outbox.entries;
    device.settle();
    device.storage.outbox.set(entry!.entryId, { ...entry!, mayBeStored: true });
    device.storage.personal = { ...device.storage.personal!, epoch: 'another' };
    device.reload();
    expect(device.state.outbox.entries).toHaveLength(1);
    const lines = new Timelines().view(device.state, lobbyId)!.entries;
    expect(lines.map(({ message }) => message.body)).toEqual(['once']);
  });

  it('says of a message that waits for one that was refused that it is held', () => {
    const world = aLiveWorld();
    say(world, 'refused');
    world.device.state = {
      ...world.device.state,
      outbox: {
        ...world.device.state.outbox,
        entries: world.device.state.outbox.entries.map((entry) => inState(entry, { state: 'failed', isOld: true })),
      },
    };
    say(world, 'next');
    const lines = new Timelines().view(world.device.state, lobbyId)!.entries;
    expect(lines.map(({ status, isHeld }) => [status, isHeld])).toEqual([
      ['failed', undefined],
      ['waiting', true],
    ]);
  });

  it('has read everything at the newest end, whatever of it was deleted', () => {
    const step = fc.oneof(
      fc.constant({ do: 'say' as const }),
      fc.record({ do: fc.constant('delete' as const), back: fc.nat(3) }),
      fc.constant({ do: 'read' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const world = aLiveWorld();
        const ids: string[] = [];
        const read = () => {
          const view = new Timelines().view(world.device.state, lobbyId)!;
          expect(view.headSeq).toBe(view.conversation.seq);
          world.device.dispatch({ type: 'markRead', conversationId: lobbyId, seq: view.headSeq });
          expect(new Timelines().view(world.device.state, lobbyId)!.unread).toBe(0);
        };
        for (const each of steps) {
          const id = each.do === 'delete' ? ids.at(-1 - each.back) : undefined;
          if (each.do === 'say') ids.push(hear(world, 'text'));
          if (id !== undefined) world.server.answer(other, 'message:delete', { conversationId: lobbyId, id });
          world.device.settle();
          if (each.do === 'read') read();
        }
        read();
      }),
      { numRuns: 50 },
    );
  });
});
