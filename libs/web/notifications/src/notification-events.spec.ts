import type { Friend, Invitation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import {
  diffNotificationEvents,
  refreshEvent,
  summarizeEvents,
  type NotificationEvent,
  type NotificationSource,
} from './notification-events';

const at = '2026-05-01T12:00:00.000Z';
const friend = (userId: string, state: Friend['state']): [string, Friend] => [userId, { userId, state, at }];
const invitation = (id: string, invitedBy: string): [string, Invitation] => [id, { invitedBy, at, memberCount: 3 }];
interface Line {
  kind?: 'direct' | 'group' | 'lobby';
  authorId?: string;
  mentions?: readonly number[];
  notices?: ConversationSummary['notices'];
}
/** Ids of users blocked in these specs. */
const muted: ReadonlySet<string> = new Set(['a']);
function chat(id: string, seq: number, unread: number, line: Line = {}): [string, ConversationSummary] {
  const { kind = 'direct', authorId = `peer ${id}`, mentions = [], notices = 'all' } = line;
  const said = (each: number) => ({ seq: each, authorId, body: `text ${each}`, createdAt: at });
  const isHeard = authorId !== 'me' && !muted.has(authorId);
  const peer = kind === 'direct' ? { peerId: `peer ${id}` } : {};
  return [
    id,
    {
      conversation: { id, kind, seq, ...peer } as ConversationSummary['conversation'],
      last: said(seq),
      arrivals: isHeard ? Array.from({ length: unread }, (_, back) => said(seq - unread + 1 + back)) : [],
      unread,
      mentions,
      notices,
      badge: notices === 'all' ? unread : notices === 'mentions' ? mentions.length : 0,
      isArchived: false,
    },
  ];
}
const view = (more: Partial<NotificationSource> = {}): NotificationSource => ({
  isLive: true,
  me: 'me',
  friends: new Map(),
  blocks: new Map(),
  invitations: new Map(),
  conversations: new Map(),
  ...more,
});
const chats = (...lines: [string, ConversationSummary][]) => view({ conversations: new Map(lines) });

describe('diffNotificationEvents', () => {
  it('tells of a request, and of one’s own that was accepted', () => {
    const before = view({ friends: new Map([friend('b', 'sent')]) });
    const after = view({ friends: new Map([friend('a', 'received'), friend('b', 'friend')]) });
    expect(diffNotificationEvents(before, after)).toEqual([
      { kind: 'request', userId: 'a' },
      { kind: 'accepted', userId: 'b' },
    ]);
  });

  it('tells of an invitation, once', () => {
    const after = view({ invitations: new Map([invitation('g', 'a')]) });
    expect(diffNotificationEvents(view(), after)).toEqual([{ kind: 'invitation', userId: 'a', conversationId: 'g' }]);
    expect(diffNotificationEvents(after, view({ invitations: new Map(after.invitations) }))).toEqual([]);
  });

  it('does not tell somebody what they did themselves', () => {
    const before = view({ friends: new Map([friend('a', 'received')]), conversations: new Map([chat('c', 1, 0)]) });
    const after = view({
      friends: new Map([friend('a', 'friend'), friend('b', 'sent')]),
      conversations: new Map([chat('c', 2, 0, { authorId: 'me' })]),
    });
    expect(diffNotificationEvents(before, after)).toEqual([]);
  });

  it('tells of private messages and those of groups, the very first too, with how many came', () => {
    const after = chats(chat('c', 6, 3), chat('d', 1, 1), chat('g', 9, 1, { kind: 'group', authorId: 'ann' }));
    expect(diffNotificationEvents(chats(chat('c', 4, 1)), after)).toEqual([
      {
        kind: 'message',
        conversationId: 'c',
        conversationKind: 'direct',
        count: 2,
        last: { userId: 'peer c', text: 'text 6' },
        after: 4,
        through: 6,
      },
      {
        kind: 'message',
        conversationId: 'd',
        conversationKind: 'direct',
        count: 1,
        last: { userId: 'peer d', text: 'text 1' },
        after: 0,
        through: 1,
      },
      {
        kind: 'message',
        conversationId: 'g',
        conversationKind: 'group',
        count: 1,
        last: { userId: 'ann', text: 'text 9' },
        after: 0,
        through: 9,
      },
    ]);
  });

  it('tells of what names the person, in the lobby and in muted conversations too', () => {
    const only = { notices: 'mentions', kind: 'lobby', authorId: 'ann' } as const;
    const before = chats(chat('l', 8, 8, only));
    expect(diffNotificationEvents(before, chats(chat('l', 9, 9, only)))).toEqual([]);
    expect(diffNotificationEvents(before, chats(chat('l', 9, 9, { ...only, mentions: [9] })))).toMatchObject([
      {
        kind: 'mention',
        conversationId: 'l',
        conversationKind: 'lobby',
        count: 1,
        last: { userId: 'ann', text: 'text 9' },
      },
    ]);
    // Another message followed.
    expect(diffNotificationEvents(before, chats(chat('l', 12, 12, { ...only, mentions: [10] })))).toMatchObject([
      { kind: 'mention', count: 1, last: { userId: 'ann', text: 'text 10' } },
    ]);
    // Below the loaded messages the author of a mention is unknown.
    const [[id, summary]] = [chat('l', 12, 12, { ...only, mentions: [10] })];
    const loaded = { ...summary, arrivals: summary.arrivals.slice(-1) };
    expect(diffNotificationEvents(before, chats([id, loaded]))).toEqual([
      { kind: 'mention', conversationId: 'l', conversationKind: 'lobby', count: 1, after: 8, through: 12 },
    ]);
    const group = { kind: 'group', authorId: 'ann', mentions: [9] } as const;
    expect(
      diffNotificationEvents(chats(chat('g', 8, 1, { kind: 'group' })), chats(chat('g', 9, 2, group))),
    ).toMatchObject([{ kind: 'mention', conversationKind: 'group', count: 1 }]);
  });

  it('is silent where nothing counts, and when only what counts was chosen anew', () => {
    const group = { kind: 'group', authorId: 'ann', mentions: [6] } as const;
    const none = chats(chat('g', 6, 3, { ...group, notices: 'none' }));
    expect(diffNotificationEvents(chats(chat('g', 5, 2, { kind: 'group' })), none)).toEqual([]);
    expect(diffNotificationEvents(none, chats(chat('g', 6, 3, { ...group, notices: 'mentions' })))).toEqual([]);
    expect(diffNotificationEvents(none, chats(chat('g', 6, 3, group)))).toEqual([]);
  });

  it('is silent about what was there at start or came while catching up', () => {
    const after = view({
      friends: new Map([friend('a', 'received')]),
      invitations: new Map([invitation('g', 'a')]),
      conversations: new Map([chat('c', 6, 3)]),
    });
    expect(diffNotificationEvents(view({ isLive: false }), after)).toEqual([]);
    expect(diffNotificationEvents(view(), { ...after, isLive: false })).toEqual([]);
    expect(diffNotificationEvents(view({ me: 'another' }), after)).toEqual([]);
  });

  it('is silent about people whom one has blocked or muted', () => {
    const after = view({
      friends: new Map([friend('a', 'received')]),
      invitations: new Map([invitation('i', 'a')]),
      conversations: new Map([chat('c', 6, 3), chat('g', 6, 3, { kind: 'group', authorId: 'a' })]),
      blocks: new Map([
        ['a', 'blocked'],
        ['peer c', 'muted'],
      ]),
    });
    expect(diffNotificationEvents(view(), after)).toEqual([]);
  });

  it('is silent about messages that were read elsewhere, edited or deleted', () => {
    const before = chats(chat('c', 6, 3));
    expect(diffNotificationEvents(before, chats(chat('c', 6, 0)))).toEqual([]);
    expect(diffNotificationEvents(before, chats(chat('c', 5, 3)))).toEqual([]);
  });
});

describe('refreshEvent', () => {
  const told = diffNotificationEvents(chats(chat('c', 4, 1)), chats(chat('c', 6, 3)))[0]!;
  const without = (seqs: readonly number[], edited?: number) => {
    const [[id, summary]] = [chat('c', 6, 3)];
    const arrivals = summary.arrivals
      .filter(({ seq }) => !seqs.includes(seq))
      .map((line) => (line.seq === edited ? { ...line, body: 'edited' } : line));
    return chats([id, { ...summary, arrivals }]);
  };

  it('is the same while nothing of it changed', () => {
    expect(refreshEvent(told, without([]))).toBe(told);
    // Earlier and later messages don't belong to it.
    expect(refreshEvent(told, without([4]))).toBe(told);
  });

  it('says the words as they are edited, and what is left once the last is deleted', () => {
    expect(refreshEvent(told, without([], 6))).toMatchObject({ count: 2, last: { text: 'edited' } });
    expect(refreshEvent(told, without([6]))).toMatchObject({ count: 1, last: { text: 'text 5' } });
  });

  it('is withdrawn once all of it is deleted, read, or of somebody who was muted', () => {
    expect(refreshEvent(told, without([5, 6]))).toBeUndefined();
    expect(refreshEvent(told, chats(chat('c', 6, 0)))).toBeUndefined();
    expect(refreshEvent(told, chats())).toBeUndefined();
    expect(refreshEvent(told, { ...without([]), blocks: new Map([['peer c', 'muted']]) })).toBeUndefined();
  });

  it('is withdrawn once a request or an invitation is answered or taken back', () => {
    const request: NotificationEvent = { kind: 'request', userId: 'b' };
    const invited: NotificationEvent = { kind: 'invitation', userId: 'b', conversationId: 'g' };
    const before = view({ friends: new Map([friend('b', 'received')]), invitations: new Map([invitation('g', 'b')]) });
    expect([refreshEvent(request, before), refreshEvent(invited, before)]).toEqual([request, invited]);
    expect([refreshEvent(request, view()), refreshEvent(invited, view())]).toEqual([undefined, undefined]);
  });
});

describe('summarizeEvents', () => {
  const said = (
    conversationId: string,
    more: Partial<Extract<NotificationEvent, { conversationKind: string }>> = {},
  ): NotificationEvent => ({
    kind: 'message',
    conversationId,
    conversationKind: 'direct',
    last: { userId: 'a', text: 'hi' },
    count: 1,
    after: 0,
    through: 1,
    ...more,
  });

  it('says one thing as it is', () => {
    expect(summarizeEvents([])).toBeUndefined();
    expect(summarizeEvents([said('c')])).toMatchObject({
      key: 'message',
      text: 'hi',
      userId: 'a',
      link: ['/chats', 'c'],
    });
    expect(summarizeEvents([said('r', { conversationKind: 'room', slug: '爬山' })])).toMatchObject({
      key: 'messageIn',
      link: ['/r', '爬山'],
    });
    expect(summarizeEvents([said('g', { conversationKind: 'group' })])).toMatchObject({
      key: 'messageIn',
      conversationId: 'g',
    });
    expect(summarizeEvents([said('l', { kind: 'mention', conversationKind: 'lobby' })])).toMatchObject({
      key: 'mention',
      link: ['/lobby'],
    });
    expect(summarizeEvents([said('g', { kind: 'mention', conversationKind: 'group', last: undefined })])).toMatchObject(
      {
        key: 'mentionIn',
      },
    );
    expect(summarizeEvents([{ kind: 'request', userId: 'a' }])).toMatchObject({ key: 'request', link: ['/friends'] });
    expect(summarizeEvents([{ kind: 'invitation', userId: 'a', conversationId: 'g' }])).toMatchObject({
      key: 'invitation',
      conversationId: 'g',
      link: ['/chats'],
    });
  });

  it('leads to the rooms for what is only of rooms', () => {
    const inRoom = (id: string) => said(id, { conversationKind: 'room' });
    expect(summarizeEvents([inRoom('r'), inRoom('s')])).toMatchObject({ key: 'messages', link: ['/rooms'] });
    expect(summarizeEvents([inRoom('r'), said('c')])).toMatchObject({ key: 'messages', link: ['/chats'] });
    expect(summarizeEvents([{ kind: 'invitation', userId: 'a', conversationId: 'r', slug: 'r' }])).toMatchObject({
      link: ['/rooms'],
    });
  });

  it('says several in a number', () => {
    const request = (userId: string): NotificationEvent => ({ kind: 'request', userId });
    expect(summarizeEvents([said('c'), said('c', { count: 2 })])).toMatchObject({ key: 'messagesOf', count: 3 });
    expect(summarizeEvents([said('g', { conversationKind: 'group', count: 2 })])).toMatchObject({
      key: 'messagesIn',
      count: 2,
    });
    expect(summarizeEvents([said('c'), said('d', { kind: 'mention' })])).toMatchObject({
      key: 'messages',
      count: 2,
      link: ['/chats'],
    });
    expect(summarizeEvents([request('a'), request('b')])).toMatchObject({ key: 'requests', count: 2 });
    expect(summarizeEvents([{ kind: 'accepted', userId: 'a' }, said('c', { count: 2 })])).toMatchObject({
      key: 'several',
      count: 3,
    });
  });
});
