import type { AvatarColor, ErrorBody, Message } from '@cloudhop/contracts';
import { isSameQuote, quoteView, type QuoteView } from './quote-view';

type LineStatus = 'waiting' | 'sending' | 'sent' | 'failed';

/** Line of a conversation from the client: the stored message with the state of this device. */
export interface Line {
  key: string;
  message: Message;
  isMine: boolean;
  mine: readonly string[];
  status?: LineStatus;
  error?: ErrorBody;
  entryId?: string;
  /** Time at which it is sent automatically, in milliseconds on this device's clock. */
  waitsUntil?: number;
  /** Held back by an earlier message that was refused. */
  isHeld?: true;
}

/** Notice that users joined or left, one for several of them. */
export interface PresenceNotice {
  id: string;
  kind: 'joined' | 'left';
  userIds: readonly string[];
  count: number;
  afterSeq: number;
}

export interface Person {
  id: string;
  name: string;
  /** Name from which the avatar's letter is taken. */
  initial: string;
  tag?: string;
  /** The @username of a member whose display name is not unique. */
  handle?: string;
  color?: AvatarColor;
}

/** Delivery state of one's own message. `sent`: stored by the server. */
export interface ReceiptView {
  state: 'sent' | 'delivered' | 'read';
  words: string;
}

export interface ChipView {
  emoji: string;
  count: number;
  isOn: boolean;
}

export interface MessageRow {
  kind: 'message';
  key: string;
  line: Line;
  author: Person;
  time: string;
  fullTime: string;
  /** First and last of a group of one author's messages. */
  isFirst: boolean;
  isLast: boolean;
  /** The newest of one's own stored messages. */
  isLatestOwn: boolean;
  /** Only on one's own messages, in conversations with receipts. */
  receipt?: ReceiptView;
  /** The text mentions the reader. */
  isMention: boolean;
  /** The quoted message of a reply. */
  quote?: QuoteView;
  chips: readonly ChipView[];
}

/** Consecutive messages folded away; if open, they are drawn below this row. */
export interface FoldRow {
  kind: 'fold';
  key: string;
  /** Keys of the messages. */
  keys: readonly string[];
  isOpen: boolean;
}

export type TimelineRow =
  | MessageRow
  | { kind: 'day'; key: string; label: string }
  | { kind: 'presenceNotice'; key: string; change: 'joined' | 'left'; people: readonly Person[]; count: number }
  | { kind: 'new'; key: string }
  | FoldRow;

export interface RowContext {
  presenceNotices: readonly PresenceNotice[];
  /** The "new" line stands above the first message of others beyond this seq. */
  newAfterSeq?: number;
  /** Older messages than the first line exist, so the "new" line may belong among them. */
  hasBefore?: boolean;
  /** Newer messages than the last line exist, so later notices belong below them. */
  hasAfter?: boolean;
  /** Returns the delivery state of one's own message at `seq`; absent without receipts. */
  receiptOf?: (seq: number, isLatest: boolean) => ReceiptView;
  /** Messages at or below this seq are gone for the reader. */
  floorSeq?: number;
  /** The reader's id. */
  myId?: string;
  /** Returns whether a text mentions the reader. */
  isMention?: (body: string) => boolean;
  personOf: (userId: string) => Person;
  /** Returns whether an author's messages are folded away. */
  isFolded?: (authorId: string) => boolean;
  /** Keys of messages in opened folds. */
  unfolded?: ReadonlySet<string>;
  timeOf: (iso: string) => string;
  fullTimeOf: (iso: string) => string;
  /** Returns the same string for two times on one day. */
  dayKeyOf: (iso: string) => string;
  dayLabelOf: (iso: string) => string;
}

/** Messages of one author further apart than this begin a new group. */
const groupGapMs = 5 * 60_000;

/**
 * Returns the rows of `lines[start, end)`, with day lines, notices and the "new" line among them. Pure; equal rows
 * keep their identity.
 */
export function buildRows(
  lines: readonly Line[],
  range: { start: number; end: number },
  context: RowContext,
  before: readonly TimelineRow[] = [],
): TimelineRow[] {
  const known = new Map(before.map((row) => [row.key, row]));
  const rows: TimelineRow[] = [];
  const keep = (row: TimelineRow) => {
    const old = known.get(row.key);
    const kept = old && isSameRow(old, row) ? old : row;
    rows.push(kept);
  };
  const latestOwn = context.hasAfter ? undefined : lines.findLast((line) => line.isMine && !isUnstored(line))?.key;
  const presenceNotices = mergePresenceNotices(context.presenceNotices);
  let notice = presenceNotices.findIndex(
    ({ afterSeq }) => afterSeq >= (range.start > 0 ? (lines[range.start]?.message.seq ?? 0) : 0),
  );
  if (notice < 0) notice = presenceNotices.length;
  let day = range.start > 0 ? dayOf(lines[range.start - 1], context) : undefined;
  let hasNewLine = false;
  let open: { author: string; at: number; row: MessageRow } | undefined;
  let fold: { kind: 'fold'; key: string; keys: string[]; isOpen: boolean } | undefined;
  const folds: FoldRow[] = [];
  const endGroup = () => (open = fold = undefined);
  const drawComings = (untilSeq: number) => {
    for (let next = presenceNotices[notice]; next && next.afterSeq < untilSeq; next = presenceNotices[++notice]) {
      endGroup();
      keep({
        kind: 'presenceNotice',
        key: `notice-${next.id}`,
        change: next.kind,
        people: next.userIds.map(context.personOf),
        count: next.count,
      });
    }
  };
  const drafts: MessageRow[] = [];

  for (let index = range.start; index < range.end; index++) {
    const line = lines[index]!;
    const { message } = line;
    drawComings(isUnstored(line) ? Infinity : message.seq);
    const ownDay = context.dayKeyOf(message.createdAt);
    if (ownDay !== day) {
      endGroup();
      keep({ kind: 'day', key: `day-${ownDay}`, label: context.dayLabelOf(message.createdAt) });
      day = ownDay;
    }
    const isFolded = !line.isMine && context.isFolded?.(message.authorId) === true;
    const isNew = context.newAfterSeq !== undefined && message.seq > context.newAfterSeq && !line.isMine && !isFolded;
    if (!hasNewLine && isNew) {
      hasNewLine = true;
      if (!isNewAbove(lines, range.start, context)) {
        endGroup();
        keep({ kind: 'new', key: 'new' });
      }
    }
    if (isFolded !== (fold !== undefined)) {
      endGroup();
      if (isFolded) {
        fold = { kind: 'fold', key: `fold-${line.key}`, keys: [], isOpen: false };
        folds.push(fold);
        rows.push(fold);
      }
    }
    fold?.keys.push(line.key);
    const at = Date.parse(message.createdAt);
    const isLatestOwn = line.key === latestOwn;
    const receipt =
      line.isMine && line.status === undefined ? context.receiptOf?.(message.seq, isLatestOwn) : undefined;
    const quote = quoteView(message, context);
    const joins = open !== undefined && open.author === message.authorId && at - open.at <= groupGapMs;
    const row: MessageRow = {
      kind: 'message',
      key: line.key,
      line,
      author: context.personOf(message.authorId),
      time: context.timeOf(message.createdAt),
      fullTime: context.fullTimeOf(message.createdAt),
      isFirst: !joins,
      isLast: true,
      isLatestOwn,
      ...(receipt && { receipt }),
      isMention: !line.isMine && context.isMention?.(message.body) === true,
      ...(quote && { quote }),
      chips: message.reactions.map(({ emoji, count }) => ({ emoji, count, isOn: line.mine.includes(emoji) })),
    };
    if (joins && open) open.row.isLast = false;
    open = { author: message.authorId, at, row };
    drafts.push(row);
    rows.push(row);
  }
  if (range.end === lines.length && !context.hasAfter) drawComings(Infinity);
  // The last message of each group is known only now, so rows can be compared only now.
  const indexOf = new Map(rows.map((row, index) => [row.key, index]));
  for (const row of drafts) {
    const old = known.get(row.key);
    if (old && isSameRow(old, row)) rows[indexOf.get(row.key)!] = old;
  }
  return folds.length === 0 ? rows : foldAway(rows, folds, context.unfolded, known);
}

/** Removes the messages of closed folds. */
function foldAway(
  rows: readonly TimelineRow[],
  folds: readonly FoldRow[],
  unfolded: ReadonlySet<string> | undefined,
  known: ReadonlyMap<string, TimelineRow>,
): TimelineRow[] {
  const isOpen = new Map(folds.map((fold) => [fold.key, fold.keys.some((key) => unfolded?.has(key))]));
  const hidden = new Set(folds.flatMap((fold) => (isOpen.get(fold.key) ? [] : fold.keys)));
  return rows.flatMap((row): TimelineRow[] => {
    if (hidden.has(row.key)) return [];
    if (row.kind !== 'fold') return [row];
    const drawn = { ...row, isOpen: isOpen.get(row.key) === true };
    const old = known.get(row.key);
    return [old && isSameRow(old, drawn) ? old : drawn];
  });
}

function dayOf(line: Line | undefined, context: RowContext): string | undefined {
  return line && context.dayKeyOf(line.message.createdAt);
}

/** Returns whether a line is not in the server's log yet: such lines are drawn below all others. */
function isUnstored(line: Line): boolean {
  return line.status !== undefined && !(line.message.seq > 0 && line.message.rev > 0);
}

function isNewAbove(lines: readonly Line[], start: number, { newAfterSeq = 0, hasBefore }: RowContext): boolean {
  const before = lines[start - 1];
  if (before) return before.message.seq > newAfterSeq;
  return hasBefore === true && (lines[0]?.message.seq ?? 0) > newAfterSeq + 1;
}

/** Merges adjacent notices of one kind at one place. */
export function mergePresenceNotices(presenceNotices: readonly PresenceNotice[]): PresenceNotice[] {
  const merged: PresenceNotice[] = [];
  for (const notice of presenceNotices) {
    const last = merged.at(-1);
    if (last && last.kind === notice.kind && last.afterSeq === notice.afterSeq) {
      const repeated = notice.userIds.filter((id) => last.userIds.includes(id)).length;
      merged[merged.length - 1] = {
        ...last,
        userIds: [...new Set([...last.userIds, ...notice.userIds])],
        count: last.count + notice.count - repeated,
      };
    } else merged.push(notice);
  }
  return merged;
}

function isSameRow(a: TimelineRow, b: TimelineRow): boolean {
  if (a.kind === 'message' && b.kind === 'message')
    return (
      a.line.message === b.line.message &&
      a.line.status === b.line.status &&
      a.line.error === b.line.error &&
      a.line.entryId === b.line.entryId &&
      a.line.waitsUntil === b.line.waitsUntil &&
      a.line.isHeld === b.line.isHeld &&
      a.line.isMine === b.line.isMine &&
      a.line.mine.join() === b.line.mine.join() &&
      a.author.name === b.author.name &&
      a.author.tag === b.author.tag &&
      a.author.handle === b.author.handle &&
      a.author.color === b.author.color &&
      a.time === b.time &&
      a.fullTime === b.fullTime &&
      a.isFirst === b.isFirst &&
      a.isLast === b.isLast &&
      a.isLatestOwn === b.isLatestOwn &&
      a.isMention === b.isMention &&
      isSameQuote(a.quote, b.quote) &&
      a.receipt?.state === b.receipt?.state &&
      a.receipt?.words === b.receipt?.words
    );
  if (a.kind === 'presenceNotice' && b.kind === 'presenceNotice')
    return a.change === b.change && a.count === b.count && nameKey(a.people) === nameKey(b.people);
  if (a.kind === 'fold' && b.kind === 'fold') return a.isOpen === b.isOpen && a.keys.join() === b.keys.join();
  if (a.kind === 'day' && b.kind === 'day') return a.label === b.label;
  return a.kind === b.kind;
}

const nameKey = (people: readonly Person[]) => people.map(({ id, name }) => id + name).join();
