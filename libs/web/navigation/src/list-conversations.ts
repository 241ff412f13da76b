import type { ConversationSummary } from '@cloudhop/sdk';

/** The lines of the list of conversations, each part in its order. */
export interface SortedConversations {
  lobby?: ConversationSummary;
  open: ConversationSummary[];
  archived: ConversationSummary[];
}

interface ListOptions {
  lobbyId?: string;
  /** The one on screen: it has a line even before anything was said. */
  openId?: string;
  /** About to be deleted: not shown, and not gone yet. */
  hidden?: ReadonlySet<string>;
}

/** What a person finds in their list: the lobby, what they pinned in their order, then the latest first. */
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
    else if (kind !== 'direct' || isWorthALine(summary) || id === openId) list.open.push(summary);
  }
  list.open.sort(byPlace);
  list.archived.sort(byPlace);
  return list;
}

/** A private conversation is there once there is something in it, or somebody wants it there. */
function isWorthALine({ conversation, last, draft }: ConversationSummary): boolean {
  return last !== undefined || conversation.pinnedAt !== undefined || (draft ?? '') !== '';
}

function byPlace(a: ConversationSummary, b: ConversationSummary): number {
  const [pinnedA, pinnedB] = [a.conversation.pinnedAt, b.conversation.pinnedAt];
  if (pinnedA !== undefined && pinnedB !== undefined) return pinnedA < pinnedB ? -1 : pinnedA > pinnedB ? 1 : 0;
  if (pinnedA !== undefined || pinnedB !== undefined) return pinnedA !== undefined ? -1 : 1;
  return timeOf(b) - timeOf(a);
}

/** When something was said last; what is still silent stands where it was made: its id holds the time. */
function timeOf({ conversation, last }: ConversationSummary): number {
  if (last) return Date.parse(last.createdAt);
  return conversation.kind === 'group' || conversation.kind === 'room'
    ? parseInt(conversation.id.replace('-', '').slice(0, 12), 16)
    : 0;
}
