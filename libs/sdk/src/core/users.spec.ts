import { aLiveWorld, lobbyId, other } from '../testing/worlds';
import { acquaintances } from './users';

test('who said something last in a conversation that was never opened is kept with the list', () => {
  const { state } = aLiveWorld().device;
  const feed = state.feeds.get(lobbyId)!;
  const last = { seq: 1, authorId: other, body: 'last', createdAt: '2026-05-01T12:00:00.000Z' };
  const feeds = new Map([[lobbyId, { ...feed, conversation: { ...feed.conversation, last } }]]);
  expect([...acquaintances({ ...state, feeds })]).toEqual([other]);
});
