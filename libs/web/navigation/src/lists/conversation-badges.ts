import { defaultNotices, type Block } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** What stands at the end of a conversation's line. */
export interface ConversationBadges {
  unread: number;
  /** Whether all of it counts; else it stands there in grey. */
  isCounted: boolean;
  /** Somebody named the person. */
  isNamed: boolean;
  isNamedCounted: boolean;
  /** It was made quieter than such conversations are. */
  isQuiet: boolean;
}

/** Nobody is told of what they don't want to hear, and of the lobby only where it names them, unless they want all of it. */
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
