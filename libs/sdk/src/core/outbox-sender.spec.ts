import { limits } from '@cloudhop/contracts';
import { aLiveWorld, hear, lobbyId, other, say, type World } from '../testing/worlds';
import type { Unstamped } from './events';
import { step } from './step';
import { Timelines } from './timeline';

const bodies = ({ server }: World) => server.lobby.messages().map(({ body }) => body);
const states = ({ device }: World) => device.state.outbox.entries.map(({ state }) => state);
const lines = ({ device }: World) =>
  new Timelines()
    .view(device.state, lobbyId)!
    .entries.map(({ message, status }) => (status ? `${message.body} (${status})` : message.body));

describe('the outbox', () => {
  it('I3: a refused message holds those behind it until it is tried again', () => {
    const world = aLiveWorld();
    world.server.refusals.push({ code: 'invalid_text' });
    const first = say(world, 'one');
    say(world, 'two');
    world.device.settle();
    expect(bodies(world)).toEqual([]);
    expect(lines(world)).toEqual(['one (failed)', 'two (waiting)']);
    world.device.dispatch({ type: 'retry', entryId: first });
    world.device.settle();
    expect(bodies(world)).toEqual(['one', 'two']);
    expect(lines(world)).toEqual(['one', 'two']);
  });

  it('sends what waited behind a refused message once that is given up', () => {
    const world = aLiveWorld();
    world.server.refusals.push({ code: 'invalid_text' });
    const first = say(world, 'one');
    say(world, 'two');
    world.device.settle();
    world.device.dispatch({ type: 'discard', entryId: first });
    world.device.settle();
    expect(bodies(world)).toEqual(['two']);
  });

  it('I1: an acknowledged message stays drawn until its row is here, and is drawn once', () => {
    const world = aLiveWorld();
    say(world, 'hello');
    world.device.serve();
    world.device.deliver(1);
    expect(lines(world)).toEqual(['hello (sent)']);
    world.device.deliver();
    expect(lines(world)).toEqual(['hello']);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('I2: a message whose answer was lost is sent again and stored once', () => {
    const world = aLiveWorld();
    say(world, 'once');
    world.device.serve(true);
    world.device.cut();
    world.device.settle();
    expect(bodies(world)).toEqual(['once']);
    expect(lines(world)).toEqual(['once']);
  });

  it.each([
    { code: 'slow_mode' },
    { code: 'overloaded' },
    { code: 'rate_limited' },
    { code: 'unavailable' },
    { code: 'muted' },
  ] as const)('waits as long as $code asks, and then sends as it is', ({ code }) => {
    const world = aLiveWorld();
    world.server.refusals.push({ code, retryAfterMs: 5_000 });
    say(world, 'later');
    world.device.serve();
    world.device.deliver();
    expect(lines(world)).toEqual(['later (waiting)']);
    const before = world.clock.now;
    world.device.settle();
    expect(bodies(world)).toEqual(['later']);
    expect(world.clock.now - before).toBeGreaterThanOrEqual(5_000);
  });

  it('takes a line away at once, sends the deletion later, and lets it be undone', () => {
    const world = aLiveWorld();
    const id = say(world, 'oops');
    world.device.settle();
    const remove = (entryId: string) =>
      world.device.dispatch({ type: 'remove', conversationId: lobbyId, messageId: id, entryId });
    const first = world.clock.nextId();
    remove(first);
    expect(lines(world)).toEqual([]);
    expect(world.device.up).toEqual([]);
    world.device.dispatch({ type: 'undoRemove', entryId: first });
    expect(lines(world)).toEqual(['oops']);
    const before = world.clock.now;
    remove(world.clock.nextId());
    world.device.settle();
    expect(bodies(world)).toEqual(['']);
    expect(world.clock.now - before).toBeGreaterThanOrEqual(limits.undoDeleteMs);
  });

  it('does not let a deletion that can be undone block what is said meanwhile', () => {
    const world = aLiveWorld();
    const id = say(world, 'oops');
    world.device.settle();
    world.device.dispatch({ type: 'remove', conversationId: lobbyId, messageId: id, entryId: world.clock.nextId() });
    say(world, 'next');
    world.device.serve();
    expect(bodies(world)).toEqual(['oops', 'next']);
  });

  it('never sends a message that was taken away before it left', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    const id = say(world, 'unsaid');
    world.device.dispatch({ type: 'remove', conversationId: lobbyId, messageId: id, entryId: world.clock.nextId() });
    world.device.isOnline = true;
    world.device.settle();
    expect(bodies(world)).toEqual([]);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('amends what has not left, and edits what has', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    const id = say(world, 'helo');
    const edit = (body: string) =>
      world.device.dispatch({
        type: 'edit',
        conversationId: lobbyId,
        messageId: id,
        entryId: world.clock.nextId(),
        body,
      });
    edit('hello');
    expect(world.device.state.outbox.entries).toHaveLength(1);
    world.device.isOnline = true;
    world.device.settle();
    expect(world.server.lobby.messages()[0]).toMatchObject({ body: 'hello' });
    expect(world.server.lobby.messages()[0]!.editedAt).toBeUndefined();
    edit('hello!');
    expect(lines(world)).toEqual(['hello! (sending)']);
    world.device.settle();
    expect(world.server.lobby.messages()[0]!.editedAt).toBeDefined();
    expect(lines(world)).toEqual(['hello!']);
  });

  it('keeps a reaction to a message behind that message', () => {
    const world = aLiveWorld();
    world.server.refusals.push({ code: 'invalid_text' });
    const id = say(world, 'one');
    world.device.settle();
    world.device.dispatch({
      type: 'react',
      conversationId: lobbyId,
      messageId: id,
      entryId: world.clock.nextId(),
      emoji: '🎉',
      on: true,
    });
    world.device.settle();
    expect(states(world)).toEqual(['failed', 'waiting']);
    expect(world.device.notices).toEqual([]);
    world.device.dispatch({ type: 'retry', entryId: id });
    world.device.settle();
    expect(world.server.lobby.messages()[0]!.reactions).toEqual([{ emoji: '🎉', count: 1 }]);
  });

  it('sends nothing for a reaction that was taken back before it left', () => {
    const world = aLiveWorld();
    const id = hear(world, 'hi');
    world.device.settle();
    world.device.isOnline = false;
    world.device.cut();
    const react = (on: boolean) =>
      world.device.dispatch({
        type: 'react',
        conversationId: lobbyId,
        messageId: id,
        entryId: world.clock.nextId(),
        emoji: '🎉',
        on,
      });
    react(true);
    expect(new Timelines().view(world.device.state, lobbyId)!.entries[0]).toMatchObject({ mine: ['🎉'] });
    react(false);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('tells of a refused reaction, and forgets it', () => {
    const world = aLiveWorld();
    const id = hear(world, 'hi');
    world.device.settle();
    world.server.refusals.push({ code: 'too_many_reactions' });
    world.device.dispatch({
      type: 'react',
      conversationId: lobbyId,
      messageId: id,
      entryId: world.clock.nextId(),
      emoji: '🎉',
      on: true,
    });
    world.device.settle();
    expect(world.device.notices).toMatchObject([{ kind: 'refused', error: { code: 'too_many_reactions' } }]);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('does not let an edit of a vanished message hold what is said next', () => {
    const world = aLiveWorld();
    const id = hear(world, 'theirs');
    world.device.settle();
    world.server.refusals.push({ code: 'muted' });
    world.device.dispatch({
      type: 'edit',
      conversationId: lobbyId,
      messageId: id,
      entryId: world.clock.nextId(),
      body: 'mine',
    });
    world.device.settle();
    expect(states(world)).toEqual(['failed']);
    world.server.answer(other, 'message:delete', { conversationId: lobbyId, id });
    say(world, 'next');
    world.device.settle();
    expect(bodies(world)).toEqual(['', 'next']);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('I2: asks before it sends what is older than a week', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    const id = say(world, 'stale');
    world.clock.now += limits.outboxAskAfterMs + 1;
    world.device.isOnline = true;
    world.device.dispatch({ type: 'triedNow' });
    world.device.settle();
    expect(bodies(world)).toEqual([]);
    expect(states(world)).toEqual(['failed']);
    world.device.dispatch({ type: 'retry', entryId: id });
    world.device.settle();
    expect(bodies(world)).toEqual(['stale']);
  });

  it('I12: holds no more than a bounded number of entries, and says so', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    for (let i = 0; i < 1_001; i++) say(world, `m${i}`);
    expect(world.device.state.outbox.entries).toHaveLength(1_000);
    expect(world.device.notices).toMatchObject([{ kind: 'refused', error: { code: 'overloaded' } }]);
  });

  it('paces itself below what the server allows', () => {
    const world = aLiveWorld();
    for (let i = 0; i < 200; i++) say(world, `m${i}`);
    const before = world.clock.now;
    world.device.settle();
    expect(bodies(world)).toHaveLength(200);
    expect(200 / ((world.clock.now - before) / 1000)).toBeLessThan(limits.requestsPerSecond);
  });

  it('survives a reload: what was queued leaves in the next life of the page', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    say(world, 'one');
    say(world, 'two');
    world.device.reload();
    expect(lines(world)).toEqual(['one (waiting)', 'two (waiting)']);
    world.device.isOnline = true;
    world.device.settle();
    expect(bodies(world)).toEqual(['one', 'two']);
  });

  it('I1: nothing leaves before the device has stored it', () => {
    const world = aLiveWorld();
    const id = world.clock.nextId();
    let { state } = world.device;
    const requestsAfter = (event: Unstamped) => {
      const next = step(state, { ...event, now: world.clock.now, random: 0.5 });
      state = next.state;
      return next.effects.filter(({ type }) => type === 'request').length;
    };
    expect(requestsAfter({ type: 'send', conversationId: lobbyId, id, body: 'typed' })).toBe(0);
    expect(requestsAfter({ type: 'claimed', conversationId: lobbyId, claimId: 1 })).toBe(0);
    expect(requestsAfter({ type: 'entryStored', entryId: id })).toBe(1);
  });

  it('never sends what another user left in the storage', () => {
    const world = aLiveWorld();
    world.device.isOnline = false;
    world.device.cut();
    say(world, 'not theirs');
    const entries = [...world.device.storage.outbox.values()];
    const next = aLiveWorld();
    next.device.dispatch({ type: 'outboxLoaded', userId: other, entries });
    next.device.settle();
    expect(bodies(next)).toEqual([]);
  });
});
