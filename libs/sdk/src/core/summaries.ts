import type { ConversationSummary } from '../view';
import { draftOf } from './drafts';
import { lastMessageOf } from './feed-draft';
import type { Feed, State } from './state';

interface Known {
  feed: Feed;
  draft: string;
  summary: ConversationSummary;
}

/** Lines of the list of conversations; a line keeps its identity until something of it changes. */
export class Summaries {
  #known = new Map<string, Known>();
  #feeds: State['feeds'] | undefined;
  #drafts: State['personal']['drafts'] | undefined;
  #all: ReadonlyMap<string, ConversationSummary> = new Map();

  all(state: State): ReadonlyMap<string, ConversationSummary> {
    if (state.feeds === this.#feeds && state.personal.drafts === this.#drafts) return this.#all;
    this.#feeds = state.feeds;
    this.#drafts = state.personal.drafts;
    const next = new Map<string, Known>();
    for (const [id, feed] of state.feeds) {
      const draft = draftOf(state, id);
      const known = this.#known.get(id);
      const isSame = known?.feed === feed && known.draft === draft;
      next.set(id, isSame ? known : { feed, draft, summary: toSummary(feed, draft) });
    }
    this.#known = next;
    this.#all = new Map([...next].map(([id, { summary }]) => [id, summary]));
    return this.#all;
  }
}

/** Stored messages that the person has not read. */
export function unreadOf({ conversation, readSeq }: Feed): number {
  return Math.max(0, conversation.seq - Math.max(readSeq, conversation.floorSeq));
}

function toSummary(feed: Feed, draft: string): ConversationSummary {
  const { conversation, rows } = feed;
  const shown = rows.findLast(({ message }) => message.deletedAt === undefined) ?? rows.at(-1);
  const isKnown = conversation.last !== undefined && conversation.last.seq > conversation.floorSeq;
  const last = shown ? lastMessageOf(shown.message) : isKnown ? conversation.last : undefined;
  return {
    conversation,
    ...(last && { last }),
    unread: unreadOf(feed),
    ...(draft !== '' && { draft }),
    isArchived: conversation.archivedSeq !== undefined && conversation.seq <= conversation.archivedSeq,
  };
}
