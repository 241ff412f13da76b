import { type LastMessage, type NoticeLevel, type User, defaultNotices, limits, notifies } from '@cloudhop/contracts';
import type { ConversationSummary } from '../view';
import type { Context } from './context';
import { draftOf } from './drafts';
import { lastMessageOf } from './feed-draft';
import type { Feed, State } from './state';
import { unreadOf } from './unread';

type Blocks = State['personal']['blocks'];

/** Bounds the messages that a notification can count and quote. */
const maxArrivals = 50;

interface Known {
  feed: Feed;
  blocks: Blocks;
  draft: string;
  me: User | undefined;
  notices: NoticeLevel;
  summary: ConversationSummary;
}

/** Builds the lines of the list of conversations. A line keeps its identity until it changes. */
export class Summaries {
  #known = new Map<string, Known>();
  #feeds: State['feeds'] | undefined;
  #drafts: State['personal']['drafts'] | undefined;
  #blocks: Blocks | undefined;
  #me: User | undefined;
  /** End of the next quiet time, on this device's clock. */
  #validUntil = 0;
  #all: ReadonlyMap<string, ConversationSummary> = new Map();

  /** Returns the lines at `now` (device clock): a quiet time ends by itself. */
  all(state: State, now: number): ReadonlyMap<string, ConversationSummary> {
    const me = state.account.userId === undefined ? undefined : state.people.users.get(state.account.userId);
    const { drafts, blocks } = state.personal;
    const isUntouched =
      state.feeds === this.#feeds && drafts === this.#drafts && blocks === this.#blocks && me === this.#me;
    if (isUntouched && now < this.#validUntil) return this.#all;
    [this.#feeds, this.#drafts, this.#blocks, this.#me] = [state.feeds, drafts, blocks, me];
    this.#validUntil = nextQuietEnd(state, now) ?? Infinity;
    const next = new Map<string, Known>();
    let isSame = state.feeds.size === this.#known.size;
    for (const [id, feed] of state.feeds) {
      const draft = draftOf(state, id);
      const notices = noticesOf(feed, serverTime(state, now));
      const before = this.#known.get(id);
      const isKnown =
        before?.feed === feed &&
        before.draft === draft &&
        before.blocks === blocks &&
        before.me === me &&
        before.notices === notices;
      const summary = isKnown ? before.summary : toSummary(feed, { draft, blocks, me, notices });
      const known = isKnown ? before : { feed, draft, blocks, me, notices, summary };
      isSame &&= isKnown;
      next.set(id, known);
    }
    if (isSame) return this.#all;
    this.#known = next;
    this.#all = new Map([...next].map(([id, { summary }]) => [id, summary]));
    return this.#all;
  }
}

/** Plans a step for the end of a quiet time, whose badge comes back. */
export function driveQuiet(ctx: Context): void {
  const end = nextQuietEnd(ctx.state, ctx.now);
  if (end !== undefined) ctx.wakeBy(end);
}

/** Returns the end of the next quiet time (device clock), or undefined. */
function nextQuietEnd({ feeds, device: { clockOffset = 0 } }: State, now: number): number | undefined {
  let end: number | undefined;
  for (const { conversation } of feeds.values()) {
    if (conversation.quietUntil === undefined) continue;
    const until = Date.parse(conversation.quietUntil) - clockOffset;
    if (until > now) end = Math.min(end ?? until, until);
  }
  return end;
}

const serverTime = ({ device: { clockOffset = 0 } }: State, now: number): number => now + clockOffset;

function noticesOf(
  { conversation: { kind, notices = defaultNotices(kind), quietUntil } }: Feed,
  at: number,
): NoticeLevel {
  const isQuiet = quietUntil !== undefined && Date.parse(quietUntil) > at;
  return isQuiet && notices === 'all' ? 'mentions' : notices;
}

/** Returns the seqs of unread mentions: from the rows, and below them as the server sent them. */
function mentionsOf({ conversation, readSeq, rows, first }: Feed, me: User | undefined): number[] {
  if (!me || conversation.kind === 'match') return [];
  const from = Math.max(readSeq, conversation.floorSeq, conversation.seq - limits.mentionWindow) + 1;
  const told = (conversation.mentions ?? []).filter((seq) => seq >= from && seq < first);
  const read = rows.slice(Math.max(0, from - first)).flatMap(({ message }) => {
    const { authorId, seq } = message;
    return authorId !== me.id && notifies(message, me) ? [seq] : [];
  });
  return [...told, ...read];
}

function badgeOf(notices: NoticeLevel, unread: number, mentions: number): number {
  return notices === 'all' ? unread : notices === 'mentions' ? mentions : 0;
}

/** Returns the newest unread messages of others, ascending, without those of blocked and muted people. */
function arrivalsOf({ conversation, readSeq, rows }: Feed, me: User | undefined, blocks: Blocks): LastMessage[] {
  const unreadAbove = Math.max(readSeq, conversation.floorSeq);
  const isArrival = ({ seq, authorId, isDeleted }: LastMessage) =>
    seq > unreadAbove && !isDeleted && authorId !== me?.id && !blocks.has(authorId);
  if (rows.length === 0) return conversation.last && isArrival(conversation.last) ? [conversation.last] : [];
  const arrivals: LastMessage[] = [];
  for (let index = rows.length - 1; index >= 0 && arrivals.length < maxArrivals; index--) {
    const { message } = rows[index]!;
    if (message.seq <= unreadAbove) break;
    const arrival = lastMessageOf(message);
    if (isArrival(arrival)) arrivals.push(arrival);
  }
  return arrivals.reverse();
}

function toSummary(
  feed: Feed,
  { draft, blocks, me, notices }: Pick<Known, 'draft' | 'blocks' | 'me' | 'notices'>,
): ConversationSummary {
  const { conversation, rows } = feed;
  const shown = rows.findLast(({ message }) => message.deletedAt === undefined) ?? rows.at(-1);
  const isKnown = conversation.last !== undefined && conversation.last.seq > conversation.floorSeq;
  const last = shown ? lastMessageOf(shown.message) : isKnown ? conversation.last : undefined;
  const unread = unreadOf(feed);
  const mentions = mentionsOf(feed, me);
  return {
    conversation,
    ...(last && { last }),
    unread,
    mentions,
    arrivals: arrivalsOf(feed, me, blocks),
    notices,
    badge: badgeOf(notices, unread, mentions.length),
    ...(draft !== '' && { draft }),
    isArchived: conversation.archivedSeq !== undefined && conversation.seq <= conversation.archivedSeq,
  };
}
