import type { AvatarColor, ErrorBody, Message } from '@cloudhop/contracts';
import { isSameQuote, quoteView, type QuoteView } from './quote-view';

export type LineStatus = 'waiting' | 'sending' | 'sent' | 'failed';

/** A line of a conversation as it comes from the client: the stored message with what this device adds to it. */
export interface Line {
  key: string;
  message: Message;
  isMine: boolean;
  mine: readonly string[];
  status?: LineStatus;
  error?: ErrorBody;
  entryId?: string;
  /** When it leaves by itself, in milliseconds on this device's clock. */
  waitsUntil?: number;
  /** It waits for one before it that was refused. */
  isHeld?: true;
}

/** People came or went, said once for all of them. */
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
  /** What the avatar's letter is taken from. */
  initial: string;
  tag?: string;
  /** The username with its @, of a member whose name others have too. */
  handle?: string;
  color?: AvatarColor;
}

/** How far one's own message has come. `sent`: the server keeps it. */
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
  /** First and last of a run of one author's messages. */
  isFirst: boolean;
  isLast: boolean;
  /** The newest of one's own that the server has. */
  isLatestOwn: boolean;
  /** Only under one's own, where people let each other know. */
  receipt?: ReceiptView;
  /** It names the reader. */
  isMention: boolean;
  /** What it answers. */
  quote?: QuoteView;
  chips: readonly ChipView[];
}

/** Messages in a row that the reader chose not to see; opened, they stand below this line. */
export interface FoldRow {
  kind: 'fold';
  key: string;
  /** The keys of the messages. */
  keys: readonly string[];
  isOpen: boolean;
}

export type TimelineRow =
  | MessageRow
  | { kind: 'day'; key: string; label: string }
  | { kind: 'coming'; key: string; change: 'joined' | 'left'; people: readonly Person[]; count: number }
  | { kind: 'new'; key: string }
  | FoldRow;

export interface RowContext {
  presenceNotices: readonly PresenceNotice[];
  /** The line "new" stands above the first message of others beyond this seq. */
  newAfterSeq?: number;
  /** There are older messages than the first line: the line "new" may belong among them. */
  hasBefore?: boolean;
  /** There are newer messages than the last line: what happened after it belongs below them. */
  hasAfter?: boolean;
  /** How far one's own message at `seq` has come; absent where nobody is told. */
  receiptOf?: (seq: number, isLatest: boolean) => ReceiptView;
  /** What is at or below this seq is gone for the reader. */
  floorSeq?: number;
  /** Who reads. */
  myId?: string;
  /** Whether a text names the reader. */
  isMention?: (body: string) => boolean;
  personOf: (userId: string) => Person;
  /** Whose messages are folded away. */
  isFolded?: (authorId: string) => boolean;
  /** Keys of messages whose folds were opened. */
  unfolded?: ReadonlySet<string>;
  timeOf: (iso: string) => string;
  fullTimeOf: (iso: string) => string;
  /** A string that is the same for two times on one day. */
  dayKeyOf: (iso: string) => string;
  dayLabelOf: (iso: string) => string;
}

/** Messages of one author further apart than this begin a new group. */
export const groupGapMs = 5 * 60_000;

/** The rows of `lines[start, end)`, with day lines, notices and the "new" line among them. Pure; equal rows keep their identity. */
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
        kind: 'coming',
        key: `coming-${next.id}`,
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
  // Only now is it known which message is the last of its group, so only now can rows be compared.
  const indexOf = new Map(rows.map((row, index) => [row.key, index]));
  for (const row of drafts) {
    const old = known.get(row.key);
    if (old && isSameRow(old, row)) rows[indexOf.get(row.key)!] = old;
  }
  return folds.length === 0 ? rows : foldAway(rows, folds, context.unfolded, known);
}

/** Takes the messages of closed folds out. */
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

/** Not in the server's log yet: drawn below everything that is. */
function isUnstored(line: Line): boolean {
  return line.status !== undefined && !(line.message.seq > 0 && line.message.rev > 0);
}

function isNewAbove(lines: readonly Line[], start: number, { newAfterSeq = 0, hasBefore }: RowContext): boolean {
  const before = lines[start - 1];
  if (before) return before.message.seq > newAfterSeq;
  return hasBefore === true && (lines[0]?.message.seq ?? 0) > newAfterSeq + 1;
}

/** Neighbours of one kind at one place become one notice. */
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
  if (a.kind === 'coming' && b.kind === 'coming')
    return a.change === b.change && a.count === b.count && nameKey(a.people) === nameKey(b.people);
  if (a.kind === 'fold' && b.kind === 'fold') return a.isOpen === b.isOpen && a.keys.join() === b.keys.join();
  if (a.kind === 'day' && b.kind === 'day') return a.label === b.label;
  return a.kind === b.kind;
}

const nameKey = (people: readonly Person[]) => people.map(({ id, name }) => id + name).join();
