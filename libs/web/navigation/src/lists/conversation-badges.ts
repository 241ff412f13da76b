import { defaultNotices, type Block } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** Badges at the end of a conversation item. */
export interface ConversationBadges {
  unread: number;
  /** True if unread messages count towards the total; otherwise the badge is grey. */
  isCounted: boolean;
  /** True if an unread message mentions the user. */
  isNamed: boolean;
  isNamedCounted: boolean;
  /** True if the notification level is lower than the default of this kind. */
  isQuiet: boolean;
}

/**
 * Returns the badges of a conversation. Conversations with blocked peers have none; the lobby shows unread messages
 * only at level `all`.
 */
export function conversationBadges(
  { conversation, unread, mentions, notices }: ConversationSummary,
  blocks: ReadonlyMap<string, Block['level']>,
): ConversationBadges {
  const isHeard = !blocks.has(conversation.peerId ?? '');
  return {
    unread: isHeard && (conversation.kind !== 'lobby' || notices === 'all') ? unread : 0,
    isCounted: notices === 'all',
    isNamed: isHeard && mentions.length > 0,
    isNamedCounted: notices !== 'none',
    isQuiet: notices !== 'all' && notices !== defaultNotices(conversation.kind),
  };
}
