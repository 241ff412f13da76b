import type { FactPayload } from '@cloudhop/contracts';
import { aLiveWorld, lobbyId, type World } from '../testing/worlds';

function hear({ device }: World, change: Partial<FactPayload<'presence:changed'>>): void {
  const nothing = { joined: [], left: [], joinedCount: 0, leftCount: 0, users: [] };
  const payload = { conversationId: lobbyId, count: 1, ...nothing, ...change };
  device.hear({ name: 'presence:changed', payload });
  device.deliver();
}

const counted = ({ device }: World) => {
  const { count, isAtLeast } = device.state.presence.byConversation.get(lobbyId)!;
  return [count, isAtLeast];
};

describe('the count of users in a conversation', () => {
  it('is marked as a minimum while servers are apart, and no longer with the next count', () => {
    const world = aLiveWorld();
    hear(world, { count: 3, isAtLeast: true });
    expect(counted(world)).toEqual([3, true]);
    hear(world, { count: 5 });
    expect(counted(world)).toEqual([5, false]);
    // The mark alone is no notice.
    expect(world.device.state.presence.byConversation.get(lobbyId)!.notices).toEqual([]);
  });
});
