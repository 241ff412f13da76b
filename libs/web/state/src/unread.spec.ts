import type { ConversationSummary } from '@cloudhop/sdk';
import { countUnread } from './unread';

function summary(id: string, more: Partial<ConversationSummary> = {}, conversation: object = {}): ConversationSummary {
  return {
    conversation: {
      id,
      kind: 'direct',
      peerId: `peer of ${id}`,
      ...conversation,
    } as ConversationSummary['conversation'],
    unread: 0,
    isArchived: false,
    ...more,
  };
}
describe('countUnread', () => {
  it('adds up private messages, without the lobby’s, archived ones and those of blocked and muted people', () => {
    const list = [
      summary('a', { unread: 2 }),
      summary('b', { unread: 3 }),
      summary('away', { unread: 4, isArchived: true }),
      summary('lobby', { unread: 50 }, { kind: 'lobby', peerId: undefined }),
    ];
    expect(countUnread(list, new Map())).toBe(5);
    expect(countUnread(list, new Map([['peer of b', 'muted']]))).toBe(2);
  });
});
