import type { ConversationSummary } from '@cloudhop/sdk';
import { listConversations } from './list-conversations';

function summary(id: string, more: Partial<ConversationSummary> = {}, conversation: object = {}): ConversationSummary {
  return {
    conversation: {
      id,
      kind: 'direct',
      peerId: `peer of ${id}`,
      ...conversation,
    } as ConversationSummary['conversation'],
    unread: 0,
    mentions: [],
    arrivals: [],
    notices: 'all',
    badge: 0,
    isArchived: false,
    ...more,
  };
}
const said = (minute: number): Partial<ConversationSummary> => ({
  last: { seq: 1, authorId: 'x', body: 'hi', createdAt: `2026-05-01T12:${String(minute).padStart(2, '0')}:00.000Z` },
});
const ids = (list: ConversationSummary[]) => list.map(({ conversation }) => conversation.id);

describe('listConversations', () => {
  it('puts what is pinned first, in the order of pinning, and then the latest', () => {
    const { open } = listConversations(
      [
        summary('old', said(1)),
        summary('new', said(9)),
        summary('pinned later', said(2), { pinnedAt: '2026-05-02T00:00:00.000Z' }),
        summary('pinned first', said(3), { pinnedAt: '2026-05-01T00:00:00.000Z' }),
      ],
      {},
    );
    expect(ids(open)).toEqual(['pinned first', 'pinned later', 'new', 'old']);
  });

  it('shows a private conversation once something is in it, or it is pinned, drafted in or on screen', () => {
    const list = [
      summary('empty'),
      summary('said', said(1)),
      summary('pinned', {}, { pinnedAt: '2026-05-01T00:00:00.000Z' }),
      summary('drafted', { draft: 'I wanted' }),
      summary('blank', { draft: '' }),
    ];
    expect(ids(listConversations(list, {}).open).sort()).toEqual(['drafted', 'pinned', 'said']);
    expect(ids(listConversations(list, { openId: 'empty' }).open)).toContain('empty');
  });

  it('has a group from the start, where the time of its making puts it', () => {
    // 2026-05-01T12:05:00.000Z as a UUIDv7.
    const id = '019de36d-89e0-7000-8000-000000000001';
    const list = [
      summary('earlier', said(1)),
      summary(id, {}, { kind: 'group', peerId: undefined }),
      summary('later', said(9)),
    ];
    expect(ids(listConversations(list, {}).open)).toEqual(['later', id, 'earlier']);
  });

  it('keeps the lobby, what was put away and what is about to go apart', () => {
    const { lobby, open, archived } = listConversations(
      [
        summary('lobby', said(1), { kind: 'lobby', peerId: undefined }),
        summary('away', { ...said(1), isArchived: true }),
        summary('going', said(2)),
      ],
      { lobbyId: 'lobby', hidden: new Set(['going']) },
    );
    expect(lobby?.conversation.id).toBe('lobby');
    expect(ids(archived)).toEqual(['away']);
    expect(open).toEqual([]);
  });
});
