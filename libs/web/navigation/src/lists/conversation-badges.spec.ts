import type { ConversationSummary } from '@cloudhop/sdk';
import { conversationBadges } from './conversation-badges';

describe('conversationBadges', () => {
  const line = (more: Partial<ConversationSummary>, kind = 'group') =>
    conversationBadges(
      {
        conversation: { id: 'c', kind, peerId: 'peer' } as ConversationSummary['conversation'],
        unread: 3,
        mentions: [],
        arrivals: [],
        notices: 'all',
        badge: 3,
        isArchived: false,
        ...more,
      },
      new Map(),
    );

  it('counts everything, or keeps the number in grey', () => {
    expect(line({})).toMatchObject({ unread: 3, isCounted: true, isNamed: false });
    expect(line({ notices: 'mentions', badge: 0 })).toMatchObject({ unread: 3, isCounted: false });
  });

  it('marks what names the person, in grey where nothing counts', () => {
    expect(line({ notices: 'mentions', mentions: [2], badge: 1 })).toMatchObject({
      isNamed: true,
      isNamedCounted: true,
    });
    expect(line({ notices: 'none', mentions: [2], badge: 0 })).toMatchObject({ isNamed: true, isNamedCounted: false });
  });

  it('says nothing of people one does not want to hear, and no number of the lobby', () => {
    const summary = {
      conversation: { id: 'c', kind: 'direct', peerId: 'peer' },
      unread: 3,
      mentions: [1],
      notices: 'all',
    };
    expect(conversationBadges(summary as unknown as ConversationSummary, new Map([['peer', 'muted']]))).toMatchObject({
      unread: 0,
      isNamed: false,
    });
    expect(line({ notices: 'mentions', mentions: [2] }, 'lobby')).toMatchObject({ unread: 0, isNamed: true });
    expect(line({}, 'lobby')).toMatchObject({ unread: 3, isCounted: true });
  });

  it('shows that a conversation was made quieter than such are', () => {
    expect(line({}).isQuiet).toBe(false);
    expect(line({ notices: 'mentions' }).isQuiet).toBe(true);
    expect(line({ notices: 'mentions' }, 'lobby').isQuiet).toBe(false);
    expect(line({ notices: 'none' }, 'lobby').isQuiet).toBe(true);
    expect(line({}, 'lobby').isQuiet).toBe(false);
  });
});
