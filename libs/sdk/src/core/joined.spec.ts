import type { Membership, PersonalChange } from '@cloudhop/contracts';
import { aLiveWorld, hear, me, other, type World } from '../testing/worlds';

const roomId = '01900000-0000-7000-8000-00000000abcd';

/** A room of somebody else's with one message. Its memberships are told only by `tell`. */
function aRoomWorld() {
  const world = aLiveWorld();
  const { database } = world.server;
  database.addConversation(roomId, 'room', other);
  const id = world.clock.nextId();
  database.commit([{ kind: 'send', conversationId: roomId, userId: other, id, body: 'hi' }]);
  const changes: (PersonalChange & { kind: 'membership' })[] = [];
  const change = (actor: string, verb: 'join' | 'leave' | 'remove' | 'ban') => {
    database.changeMembership(roomId, actor, me, verb);
    changes.push(database.membershipChange(roomId, me));
  };
  const tell = (as = (membership: Membership) => membership) => {
    for (const { rev, membership } of changes.splice(0)) {
      const told = [{ kind: 'membership' as const, rev, membership: as(membership) }];
      const payload = { epoch: world.server.epoch, fromRev: rev - 1, toRev: rev, changes: told, users: [] };
      world.device.hear({ name: 'personal:changed', payload });
    }
  };
  return { ...world, change, tell };
}

/** Takes the reply of joining, as the client's command does. */
function enter({ server, device }: World): void {
  device.dispatch({ type: 'open', conversationId: roomId });
  device.dispatch({ type: 'joined', userId: me, conversation: server.database.conversation(roomId, me) });
}

const opens = ({ device }: World) => device.up.filter(({ name }) => name === 'conversation:open').length;
const bodies = ({ device }: World) => device.state.feeds.get(roomId)?.rows.map(({ message }) => message.body);

describe('the reply of joining', () => {
  it('has the conversation in the state at once, and opens it', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    expect(world.device.state.feeds.get(roomId)?.conversation).toMatchObject({ id: roomId, kind: 'room' });
    expect(opens(world)).toBe(1);
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
  });

  it('needs no second open when the membership is told before the open is answered', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.tell();
    world.device.deliver();
    expect(opens(world)).toBe(1);
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
  });

  it('stands also if the membership is never told', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.settle();
    world.device.cut();
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
    expect(world.device.state.conversations.gone.has(roomId)).toBe(false);
  });

  it('opens the conversation on the next connection if it was closed before the open was answered', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.dispatch({ type: 'close', conversationId: roomId });
    world.device.cut();
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
  });

  it('opens the conversation after a reload', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.reload();
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
  });

  it('stands when the end of an earlier membership is told after it', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    world.tell();
    enter(world);
    world.device.settle();
    world.change(me, 'leave');
    world.change(me, 'join');
    enter(world);
    world.tell();
    for (let turn = 0; turn < 2; turn++) {
      world.device.deliver();
      expect(world.device.state.feeds.has(roomId)).toBe(true);
    }
    world.device.settle();
    expect(bodies(world)).toEqual(['hi']);
    expect(world.device.state.conversations.gone.has(roomId)).toBe(false);
  });

  it('takes the conversation out of those that are gone, and the invitation away', () => {
    const world = aRoomWorld();
    world.device.dispatch({ type: 'open', conversationId: roomId });
    world.device.settle();
    expect(world.device.state.conversations.gone.get(roomId)).toBe('erased');
    world.change(me, 'join');
    enter(world);
    expect(world.device.state.conversations.gone.has(roomId)).toBe(false);
  });

  it('I6: does not keep what was taken away since, whichever is told', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.settle();
    world.change(other, 'remove');
    world.tell();
    world.device.settle();
    expect(world.device.state.feeds.has(roomId)).toBe(false);
    expect(world.device.state.conversations.gone.get(roomId)).toBe('left');
  });

  it('I6: is not believed when it comes after the end, also while the room is on screen', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    const late = world.server.database.conversation(roomId, me);
    world.device.dispatch({ type: 'open', conversationId: roomId });
    world.change(other, 'remove');
    world.tell();
    world.device.settle();
    world.device.dispatch({ type: 'joined', userId: me, conversation: late });
    world.device.settle();
    expect(world.device.state.feeds.has(roomId)).toBe(false);
  });

  it('I6: is not for another user who has logged in meanwhile', () => {
    const world = aRoomWorld();
    const conversation = world.server.database.conversation(roomId, other);
    world.device.dispatch({ type: 'joined', userId: other, conversation });
    expect(world.device.state.feeds.has(roomId)).toBe(false);
  });

  it('I6: does not keep it either if only the end is told', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.settle();
    world.change(other, 'remove');
    world.device.cut();
    world.device.settle();
    expect(world.device.state.feeds.has(roomId)).toBe(false);
    expect(world.device.state.conversations.gone.get(roomId)).toBe('left');
  });

  it('keeps an invitation that is told instead of the join', () => {
    const world = aRoomWorld();
    world.change(me, 'join');
    enter(world);
    world.device.settle();
    world.change(other, 'remove');
    world.tell(({ state: _, ...membership }) => ({ ...membership, state: 'invited' }));
    world.device.settle();
    expect(world.device.state.feeds.has(roomId)).toBe(false);
    expect(world.device.state.personal.invitations.has(roomId)).toBe(true);
  });
});

it('I6: a reset without a conversation removes it, and does not ask for it', () => {
  const world = aRoomWorld();
  const { server, device } = world;
  const backup = server.database.backup();
  world.change(me, 'join');
  world.tell();
  device.settle();
  expect(bodies(world)).toEqual(['hi']);
  server.restore(backup, 'epoch-2');
  hear(world, 'of the new timeline');
  const opened: string[] = [];
  const answer = server.answer.bind(server);
  server.answer = (userId, name, payload) => {
    if (name === 'conversation:open') opened.push((payload as { conversationId: string }).conversationId);
    return answer(userId, name, payload);
  };
  device.settle();
  expect(opened).not.toContain(roomId);
  expect(device.state.conversations.gone.get(roomId)).toBe('left');
});
