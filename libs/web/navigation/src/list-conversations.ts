import type { ConversationSummary } from '@cloudhop/sdk';

/** Conversations of the list, sorted within each part. */
export interface SortedConversations {
  lobby?: ConversationSummary;
  open: ConversationSummary[];
  archived: ConversationSummary[];
}

interface ListOptions {
  lobbyId?: string;
  /** The conversation on screen: listed even when empty. */
  openId?: string;
  /** Conversations about to be deleted: not listed. */
  hidden?: ReadonlySet<string>;
}

/** Sorts a person's conversations: pinned ones by the time of pinning, then the latest first. */
export function listConversations(
  summaries: Iterable<ConversationSummary>,
  { lobbyId, openId, hidden }: ListOptions,
): SortedConversations {
  const list: SortedConversations = { open: [], archived: [] };
  for (const summary of summaries) {
    const { id, kind } = summary.conversation;
    if (id === lobbyId) list.lobby = summary;
    else if (kind === 'lobby' || kind === 'match' || hidden?.has(id)) continue;
    else if (summary.isArchived && id !== openId) list.archived.push(summary);
    else if (kind !== 'direct' || hasContent(summary) || id === openId) list.open.push(summary);
  }
  list.open.sort(byPlace);
  list.archived.sort(byPlace);
  return list;
}

/** Returns true if a direct conversation has a message, a draft or a pin. */
function hasContent({ conversation, last, draft }: ConversationSummary): boolean {
  return last !== undefined || conversation.pinnedAt !== undefined || (draft ?? '') !== '';
}

function byPlace(a: ConversationSummary, b: ConversationSummary): number {
  const [pinnedA, pinnedB] = [a.conversation.pinnedAt, b.conversation.pinnedAt];
  if (pinnedA !== undefined && pinnedB !== undefined) return pinnedA < pinnedB ? -1 : pinnedA > pinnedB ? 1 : 0;
  if (pinnedA !== undefined || pinnedB !== undefined) return pinnedA !== undefined ? -1 : 1;
  return timeOf(b) - timeOf(a);
}

/** Time of the last message, or of creation for an empty group or room: UUIDv7 ids hold it. */
function timeOf({ conversation, last }: ConversationSummary): number {
  if (last) return Date.parse(last.createdAt);
  return conversation.kind === 'group' || conversation.kind === 'room'
    ? parseInt(conversation.id.replace('-', '').slice(0, 12), 16)
    : 0;
}
