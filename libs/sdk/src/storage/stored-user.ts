import type { User } from '@cloudhop/contracts';
import type { OutboxEntry, Row } from '../core/state';
import {
  type ConversationWrite,
  type PersonalWrite,
  type Snapshot,
  type StoredConversation,
  type StoredPersonal,
  type WriteVerdict,
  headToStore,
  isLateEntry,
  isNewerRow,
  judgePersonal,
  judgeWrite,
  personalToStore,
  withGone,
  withOwn,
} from './client-storage';

/** Storage of one user as maps. */
export interface StoredUser {
  generation: number;
  personal: StoredPersonal | undefined;
  conversations: Map<string, StoredConversation>;
  rows: Map<string, Map<number, Row>>;
  users: Map<string, User>;
  outbox: Map<string, OutboxEntry>;
}

export function emptyUser(): StoredUser {
  return {
    generation: 0,
    personal: undefined,
    conversations: new Map(),
    rows: new Map(),
    users: new Map(),
    outbox: new Map(),
  };
}

export function applyEntry(user: StoredUser, entry: OutboxEntry): void {
  if (!isLateEntry(user.outbox.get(entry.entryId), entry)) user.outbox.set(entry.entryId, entry);
}

export function applyConversation(user: StoredUser, write: ConversationWrite): WriteVerdict {
  const { conversationId: id, head } = write;
  const stored = user.conversations.get(id);
  const verdict = judgeWrite(stored, write, user.personal);
  if (verdict === 'stale' && stored) user.conversations.set(id, withOwn(stored, head));
  if (verdict !== 'stored') return verdict;
  const rows = write.replace ? new Map<number, Row>() : (user.rows.get(id) ?? new Map<number, Row>());
  user.rows.set(id, rows);
  for (const row of write.rows) if (isNewerRow(rows.get(row.message.seq), row)) rows.set(row.message.seq, row);
  const next = headToStore(stored, head);
  for (const seq of rows.keys()) if (seq < next.first) rows.delete(seq);
  user.conversations.set(id, next);
  // On another timeline, revs of profiles start again.
  const isForeign = stored !== undefined && stored.epoch !== write.epoch;
  for (const each of write.users) learn(user.users, each, isForeign);
  return verdict;
}

export function applyPersonal(user: StoredUser, write: PersonalWrite): WriteVerdict {
  const verdict = judgePersonal(user.personal, write);
  for (const id of write.gone) {
    user.conversations.delete(id);
    user.rows.delete(id);
  }
  if (verdict !== 'stored') {
    if (user.personal && write.gone.length > 0) user.personal = withGone(user.personal, write.gone);
    return verdict;
  }
  user.personal = personalToStore(user.personal, write, (id) => user.conversations.has(id));
  for (const each of write.users) learn(user.users, each, false);
  return verdict;
}

function learn(users: Map<string, User>, user: User, isForeign: boolean): void {
  if (isForeign || (users.get(user.id)?.profileRev ?? 0) <= user.profileRev) users.set(user.id, user);
}

export function toSnapshot(user: StoredUser): Snapshot {
  return {
    ...(user.personal && { personal: user.personal }),
    conversations: [...user.conversations].map(([id, stored]) => ({
      ...stored,
      rows: denseRows(user.rows.get(id)?.values() ?? []),
    })),
    users: [...user.users.values()],
    outbox: [...user.outbox.values()],
  };
}

/** Returns rows by seq, without those below a hole. */
export function denseRows(rows: Iterable<Row>): Row[] {
  const sorted = [...rows].sort((a, b) => a.message.seq - b.message.seq);
  let start = sorted.length - 1;
  while (start > 0 && sorted[start - 1]!.message.seq === sorted[start]!.message.seq - 1) start--;
  return start <= 0 ? sorted : sorted.slice(start);
}
