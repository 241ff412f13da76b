import {
  type ConversationChange,
  type ConversationSettings,
  type LastMessage,
  type Member,
  type Message,
  limits,
} from '@cloudhop/contracts';
import { withKey, withoutKey } from './context';
import { requoted, unquotedBelow, withNewerQuote } from './quotes';
import { knownRow, liveRow, reactedRow } from './rows';
import type { Feed, Row } from './state';

/** Fields that a change of settings replaces. Those that it leaves out are removed. */
const settingNames: ReadonlySet<string> = new Set<keyof ConversationSettings>([
  'title',
  'slug',
  'topic',
  'visibility',
  'guests',
  'isAnnouncement',
  'archivedAt',
  'color',
  'slowModeMs',
  'retentionMs',
]);

/** Returns a message as its conversation's line in a list shows it. */
export function lastMessageOf({ seq, authorId, body, createdAt, deletedAt }: Message): LastMessage {
  return {
    seq,
    authorId,
    body: body.slice(0, limits.previewCharacters),
    createdAt,
    ...(deletedAt !== undefined && { isDeleted: true as const }),
  };
}

/** Collects changes to one feed, so that its rows are copied once for a whole frame. */
export class FeedDraft {
  #feed: Feed;
  #rows: Row[] | undefined;
  #ahead: Map<number, Row> | undefined;

  constructor(
    feed: Feed,
    private readonly userId: string | undefined,
  ) {
    this.#feed = feed;
  }

  /** Applies one change. `mine` is given by replies, which know it, and absent in live frames. */
  apply(change: ConversationChange, mine: ReadonlyMap<number, readonly string[]> | undefined): void {
    switch (change.kind) {
      case 'message':
      case 'deleted':
        return this.#putMessage(change.message, mine);
      case 'reaction': {
        const row = this.#find(change.seq);
        const next = row && reactedRow(row, change, this.userId);
        if (next && next !== row) this.#replace(next);
        return;
      }
      case 'member':
        return this.#applyMember(change.member, change.rev);
      case 'settings':
        return this.#applySettings(change.settings, change.rev);
      case 'floor':
        return this.moveFloor(change.floorSeq);
      default:
        // From a newer server. The cursor moves past it; an upgraded client reads the conversation again.
        this.#feed = { ...this.#feed, hasUnknown: true };
    }
  }

  /** Notes that revs between `from` and `to`, both exclusive, were passed over: their rows come with a later state. */
  passOver(from: number, to: number): void {
    if (to - from > 1) this.#feed = { ...this.#feed, passedOver: to - 1 };
  }

  moveCursor(rev: number): void {
    if (rev <= (this.#feed.cursor ?? -1)) return;
    this.#feed = { ...this.#feed, cursor: rev, conversation: { ...this.#feed.conversation, rev } };
  }

  moveHead(seq: number): void {
    if (seq > this.#feed.conversation.seq) this.#setConversation({ seq });
  }

  moveFloor(floorSeq: number): void {
    if (floorSeq <= this.#feed.conversation.floorSeq) return;
    this.#setConversation({ floorSeq });
    const { first } = this.#feed;
    if ((this.#ahead ?? this.#feed.ahead).size > 0) {
      const ahead = this.#draftAhead();
      for (const seq of ahead.keys()) if (seq <= floorSeq) ahead.delete(seq);
    }
    this.#unquote(floorSeq);
    if (first > floorSeq) {
      this.#feed = { ...this.#feed, hasBefore: this.#feed.hasBefore && first > floorSeq + 1 };
      return;
    }
    this.#draftRows().splice(0, floorSeq + 1 - first);
    this.#feed = { ...this.#feed, first: floorSeq + 1, hasBefore: false };
  }

  #unquote(floorSeq: number): void {
    for (const [index, row] of (this.#rows ?? this.#feed.rows).entries()) {
      const next = unquotedBelow(row, floorSeq);
      if (next !== row) this.#draftRows()[index] = next;
    }
    for (const [seq, row] of this.#ahead ?? this.#feed.ahead) {
      const next = unquotedBelow(row, floorSeq);
      if (next !== row) this.#draftAhead().set(seq, next);
    }
  }

  /** Puts a row unless a newer one is here. Leaves rows below the loaded ones to paging. */
  putRow(row: Row): void {
    const before = this.#find(row.message.seq);
    if (before && row.message.rev < before.message.rev) return;
    this.#replace(row);
  }

  finish(): Feed {
    this.#closeHoles();
    const rows = this.#rows ?? this.#feed.rows;
    const ahead = this.#ahead ?? this.#feed.ahead;
    return rows === this.#feed.rows && ahead === this.#feed.ahead ? this.#feed : { ...this.#feed, rows, ahead };
  }

  #putMessage(message: Message, mine: ReadonlyMap<number, readonly string[]> | undefined): void {
    const { conversation, first } = this.#feed;
    if (message.seq >= conversation.seq) this.#setConversation({ seq: message.seq, lastAt: message.createdAt });
    // The user's own message raises the read mark.
    if (message.authorId === this.userId && message.seq > this.#feed.readSeq)
      this.#feed = { ...this.#feed, readSeq: message.seq };
    if (message.seq === conversation.last?.seq && message.rev > (this.#feed.cursor ?? -1))
      this.#setConversation({ last: lastMessageOf(message) });
    if (message.deletedAt !== undefined) this.#putDeleted(message.seq);
    this.#requote(message);
    if (message.seq < first || message.seq <= conversation.floorSeq) return;
    const before = this.#find(message.seq);
    if (mine) return this.putRow(knownRow(message, mine.get(message.seq)));
    if (!before || message.rev > before.message.rev)
      this.#replace(this.#withAnswered(liveRow(before, message, this.#feed.passedOver)));
  }

  /** Removes a deleted message from unread messages and mentions. */
  #putDeleted(seq: number): void {
    const { conversation, readSeq } = this.#feed;
    const { mentions, deletedUnread = [] } = conversation;
    if (mentions?.includes(seq)) this.#setConversation({ mentions: mentions.filter((each) => each !== seq) });
    if (seq <= readSeq || deletedUnread.includes(seq)) return;
    const from = Math.max(readSeq, conversation.seq - limits.mentionWindow) + 1;
    this.#setConversation({ deletedUnread: [...deletedUnread.filter((each) => each >= from), seq] });
  }

  /** Updates the quotes of a changed message, also if the message itself is not loaded. */
  #requote(message: Message): void {
    const { first } = this.#feed;
    const rows = this.#rows ?? this.#feed.rows;
    for (let index = Math.max(0, message.seq + 1 - first); index < rows.length; index++) {
      const row = requoted(rows[index]!, message);
      if (row !== rows[index]) this.#draftRows()[index] = row;
    }
    for (const [seq, row] of this.#ahead ?? this.#feed.ahead) {
      const next = requoted(row, message);
      if (next !== row) this.#draftAhead().set(seq, next);
    }
  }

  /** Adds the quote of the answered message: stored in the same moment, it may come only by its own change. */
  #withAnswered(row: Row): Row {
    const { replyTo, quote } = row.message;
    if (replyTo === undefined || quote) return row;
    const answered = (this.#rows ?? this.#feed.rows).findLast(({ message }) => message.id === replyTo);
    return answered ? requoted(row, answered.message) : row;
  }

  #applyMember(member: Member, rev: number): void {
    if (rev <= (this.#feed.cursor ?? -1)) return;
    const { members, conversation: known } = this.#feed;
    if (known.kind === 'room') {
      this.#feed = { ...this.#feed, members: withKey(members ?? new Map<string, Member>(), member.userId, member) };
    } else if (members) {
      const isIn = member.state === 'joined' || member.state === 'invited';
      const next = isIn ? withKey(members, member.userId, member) : withoutKey(members, member.userId);
      this.#feed = { ...this.#feed, members: next };
    }
    if (member.userId !== this.userId) return;
    const { mutedUntil: _, ...conversation } = this.#feed.conversation;
    const muted = member.mutedUntil === undefined ? {} : { mutedUntil: member.mutedUntil };
    this.#feed = { ...this.#feed, conversation: { ...conversation, role: member.role, ...muted } };
  }

  #applySettings(settings: ConversationSettings, rev: number): void {
    if (rev <= (this.#feed.cursor ?? -1)) return;
    const { conversation } = this.#feed;
    const kept = Object.entries(conversation).filter(([name]) => !settingNames.has(name));
    this.#feed = { ...this.#feed, conversation: { ...(Object.fromEntries(kept) as typeof conversation), ...settings } };
  }

  #setConversation(change: Partial<Feed['conversation']>): void {
    this.#feed = { ...this.#feed, conversation: { ...this.#feed.conversation, ...change } };
  }

  #find(seq: number): Row | undefined {
    const rows = this.#rows ?? this.#feed.rows;
    return rows[seq - this.#feed.first] ?? (this.#ahead ?? this.#feed.ahead).get(seq);
  }

  #replace(read: Row): void {
    const row = withNewerQuote(read, this.#find(read.message.seq));
    const index = row.message.seq - this.#feed.first;
    const { length } = this.#rows ?? this.#feed.rows;
    if (index < 0) return;
    if (index > length) return void this.#draftAhead().set(row.message.seq, row);
    this.#draftRows()[index] = row;
    // It may have waited above a hole that closed just before it.
    if ((this.#ahead ?? this.#feed.ahead).has(row.message.seq)) this.#draftAhead().delete(row.message.seq);
  }

  #closeHoles(): void {
    if ((this.#ahead ?? this.#feed.ahead).size === 0) return;
    const rows = this.#draftRows();
    const ahead = this.#draftAhead();
    let next = this.#feed.first + rows.length;
    for (let row = ahead.get(next); row; row = ahead.get(++next)) {
      rows.push(row);
      ahead.delete(next);
    }
  }

  #draftRows(): Row[] {
    return (this.#rows ??= [...this.#feed.rows]);
  }

  #draftAhead(): Map<number, Row> {
    return (this.#ahead ??= new Map(this.#feed.ahead));
  }
}
