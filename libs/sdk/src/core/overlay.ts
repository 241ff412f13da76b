import type { Message } from '@cloudhop/contracts';
import { withOwn, withReaction } from './rows';
import type { EntryOf, OutboxEntry } from './outbox-entry';
import type { Feed, Row, State } from './state';

/** Row with the waiting entries of this device laid over it. */
export interface Overlaid {
  readonly message: Message;
  readonly mine: readonly string[];
  /** The user deleted the line. */
  readonly isRemoved: boolean;
  /** The edit that is not stored yet. */
  readonly edit?: EntryOf<'edit'>;
}

/** Lays waiting edits, reactions and deletions of one message over it. Takes entries in their order. */
export function overlaid(row: Row, entries: readonly OutboxEntry[]): Overlaid {
  let { message, mine } = row;
  let isRemoved = false;
  let edit: EntryOf<'edit'> | undefined;
  for (const entry of entries) {
    if (entry.kind === 'delete') isRemoved = true;
    else if (entry.kind === 'edit') {
      message = { ...message, body: entry.body, editedAt: new Date(entry.shownAt).toISOString() };
      edit = entry;
    } else if (entry.kind === 'react' && mine.includes(entry.emoji) !== entry.on) {
      const count = message.reactions.find(({ emoji }) => emoji === entry.emoji)?.count ?? 0;
      message = { ...message, reactions: withReaction(message.reactions, entry.emoji, count + (entry.on ? 1 : -1)) };
      mine = withOwn(mine, entry.emoji, entry.on);
    }
  }
  return { message, mine, isRemoved, ...(edit && { edit }) };
}

/** Returns the row that a send draws until its own is here. */
export function waitingRow(entry: EntryOf<'send'>, seq: number, userId: string): Row {
  const message: Message = {
    conversationId: entry.conversationId,
    id: entry.messageId,
    seq: entry.state === 'sent' ? entry.seq : seq,
    rev: 0,
    authorId: userId,
    body: entry.body,
    createdAt: new Date(entry.shownAt).toISOString(),
    ...(entry.replyTo !== undefined && { replyTo: entry.replyTo }),
    ...(entry.quote && { quote: entry.quote }),
    ...(entry.isForwarded && { isForwarded: true as const }),
    reactions: [],
    attachments: [],
  };
  return { message, mine: [] };
}

/** Returns the loaded row of a message, also one in the jump window. Searches from the newest. */
export function findRowById(feed: Feed | undefined, messageId: string): Row | undefined {
  const isIt = ({ message }: Row) => message.id === messageId;
  return feed?.rows.findLast(isIt) ?? feed?.jumpWindow?.rows.findLast(isIt);
}

/** Returns the viewer's reactions after all waiting entries. Undefined while they are unknown. */
export function findOwnReactions(
  state: State,
  conversationId: string,
  messageId: string,
): readonly string[] | undefined {
  const entries = state.outbox.entries.filter((entry) => entry.messageId === messageId);
  const send = entries.find((entry) => entry.kind === 'send');
  const row =
    findRowById(state.feeds.get(conversationId), messageId) ??
    (send && waitingRow(send, 0, state.account.userId ?? ''));
  return row && !row.isMineStale ? overlaid(row, entries).mine : undefined;
}
