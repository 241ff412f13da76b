import { limits, requestWork } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import type { Unstamped } from './events';
import { aLiveWorld, lobbyId, type World } from '../testing/worlds';

const ids = Array.from({ length: 200 }, (_, n) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`);

/** Somebody with 200 conversations, of each of which there is more to read. */
function aBusyWorld(): World {
  const world = aLiveWorld();
  const { state } = world.device;
  const lobby = state.feeds.get(lobbyId)!;
  const feeds = new Map(state.feeds);
  for (const id of ids)
    feeds.set(id, { ...lobby, hasBefore: true, conversation: { ...lobby.conversation, id, kind: 'room', seq: 1_000 } });
  world.device.state = { ...state, feeds };
  return world;
}

/** Requests without an answer that the server counts: it counts none that wait for a write shared with others. */
const inFlight = ({ device }: World) =>
  device.up.filter(({ name }) => !['commit', 'latest'].includes(requestWork[name])).length;

const Deed = fc.record({
  kind: fc.constantFrom(
    'open',
    'loadBefore',
    'jumpTo',
    'markRead',
    'setDraft',
    'setTyping',
    'send',
    'setIdle',
    'woken',
  ),
  conversationId: fc.constantFrom(...ids),
  isOn: fc.boolean(),
  gapMs: fc.nat(100),
});

test('I12: whatever people do while nothing is answered, fewer requests are in flight than the server takes on', () => {
  fc.assert(
    fc.property(fc.array(Deed, { minLength: 150, maxLength: 300 }), (deeds) => {
      const world = aBusyWorld();
      for (const { kind, conversationId, isOn, gapMs } of deeds) {
        world.clock.now += gapMs;
        const id = world.clock.nextId();
        const body = 'x';
        const event = { type: kind, conversationId, seq: 900, body, id, isTyping: isOn, isIdle: isOn } as Unstamped;
        world.device.dispatch(event);
        world.device.dispatch({ type: 'ticked' });
        expect(inFlight(world)).toBeLessThan(limits.requestsInFlight);
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
});

test('reads that are slow do not hold up what one says', () => {
  const world = aBusyWorld();
  for (const conversationId of ids) world.device.dispatch({ type: 'loadBefore', conversationId });
  for (let n = 0; n < 100; n++) {
    world.clock.now += 100;
    world.device.dispatch({ type: 'ticked' });
  }
  const id = world.clock.nextId();
  world.device.dispatch({ type: 'send', conversationId: lobbyId, id, body: 'now' });
  world.device.dispatch({ type: 'ticked' });
  expect(world.device.up.at(-1)?.name).toBe('message:send');
  expect(inFlight(world)).toBe(limits.requestsInFlight / 2);
});
