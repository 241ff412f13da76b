import type { Friend } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { headlineOf, newsBetween, type News, type NewsView } from './news';

const friend = (userId: string, state: Friend['state']): [string, Friend] => [
  userId,
  { userId, state, at: '2026-05-01T12:00:00.000Z' },
];
const chat = (id: string, seq: number, unread: number, authorId = `peer ${id}`): [string, ConversationSummary] => [
  id,
  {
    conversation: { id, kind: 'direct', peerId: `peer ${id}` } as ConversationSummary['conversation'],
    last: { seq, authorId, body: `text ${seq}`, createdAt: '2026-05-01T12:00:00.000Z' },
    unread,
    isArchived: false,
  },
];
const view = (more: Partial<NewsView> = {}): NewsView => ({
  isLive: true,
  me: 'me',
  friends: new Map(),
  blocks: new Map(),
  conversations: new Map(),
  ...more,
});

describe('newsBetween', () => {
  it('tells of a request, and of one’s own that was accepted', () => {
    const before = view({ friends: new Map([friend('b', 'sent')]) });
    const after = view({ friends: new Map([friend('a', 'received'), friend('b', 'friend')]) });
    expect(newsBetween(before, after)).toEqual([
      { kind: 'request', userId: 'a' },
      { kind: 'accepted', userId: 'b' },
    ]);
  });

  it('does not tell somebody what they did themselves', () => {
    const before = view({ friends: new Map([friend('a', 'received')]), conversations: new Map([chat('c', 1, 0)]) });
    const after = view({
      friends: new Map([friend('a', 'friend'), friend('b', 'sent')]),
      conversations: new Map([chat('c', 2, 0, 'me')]),
    });
    expect(newsBetween(before, after)).toEqual([]);
  });

  it('tells of private messages, the very first too, with how many came', () => {
    const before = view({ conversations: new Map([chat('c', 4, 1)]) });
    const after = view({ conversations: new Map([chat('c', 6, 3), chat('d', 1, 1)]) });
    expect(newsBetween(before, after)).toEqual([
      { kind: 'message', userId: 'peer c', conversationId: 'c', text: 'text 6', count: 2 },
      { kind: 'message', userId: 'peer d', conversationId: 'd', text: 'text 1', count: 1 },
    ]);
  });

  it('is silent about what was there at start or came while catching up', () => {
    const after = view({ friends: new Map([friend('a', 'received')]), conversations: new Map([chat('c', 6, 3)]) });
    expect(newsBetween(view({ isLive: false }), after)).toEqual([]);
    expect(newsBetween(view(), { ...after, isLive: false })).toEqual([]);
    expect(newsBetween(view({ me: 'another' }), after)).toEqual([]);
  });

  it('is silent about people whom one has blocked or muted', () => {
    const after = view({
      friends: new Map([friend('a', 'received')]),
      conversations: new Map([chat('c', 6, 3)]),
      blocks: new Map([
        ['a', 'blocked'],
        ['peer c', 'muted'],
      ]),
    });
    expect(newsBetween(view(), after)).toEqual([]);
  });

  it('is silent about messages that were read elsewhere, edited or deleted', () => {
    const before = view({ conversations: new Map([chat('c', 6, 3)]) });
    expect(newsBetween(before, view({ conversations: new Map([chat('c', 6, 0)]) }))).toEqual([]);
    expect(newsBetween(before, view({ conversations: new Map([chat('c', 5, 3)]) }))).toEqual([]);
  });
});

describe('headlineOf', () => {
  const message = (conversationId: string, count = 1): News => ({
    kind: 'message',
    userId: 'a',
    conversationId,
    text: 'hi',
    count,
  });

  it('says one thing as it is, and several in a number', () => {
    expect(headlineOf([])).toBeUndefined();
    expect(headlineOf([message('c')])).toMatchObject({ key: 'message', text: 'hi', link: ['/chats', 'c'] });
    expect(headlineOf([message('c'), message('c', 2)])).toMatchObject({ key: 'messagesOf', count: 3 });
    expect(headlineOf([message('c'), message('d')])).toMatchObject({ key: 'messages', count: 2, link: ['/chats'] });
    expect(headlineOf([{ kind: 'request', userId: 'a' }])).toMatchObject({ key: 'request', link: ['/friends'] });
    expect(
      headlineOf([
        { kind: 'request', userId: 'a' },
        { kind: 'request', userId: 'b' },
      ]),
    ).toMatchObject({ key: 'requests', count: 2 });
    expect(headlineOf([{ kind: 'accepted', userId: 'a' }, message('c', 2)])).toMatchObject({
      key: 'several',
      count: 3,
    });
  });
});
