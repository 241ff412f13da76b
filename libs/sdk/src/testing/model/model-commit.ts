import { type ConversationChange, type ErrorCode, type Message, limits } from '@cloudhop/contracts';
import type { ModelTables } from './model-tables';
import type { ConversationRow } from './model-rows';
import { directRefusal } from './model-people';

/** One operation on the log. */
export interface Commit {
  readonly kind: 'send' | 'edit' | 'delete' | 'react';
  readonly conversationId: string;
  readonly userId: string;
  /** The message's id. */
  readonly id: string;
  readonly body?: string;
  readonly replyTo?: string | undefined;
  readonly editId?: string;
  readonly emoji?: string;
  readonly on?: boolean;
}

export interface Verdict {
  /** Which operation of the batch. */
  readonly index: number;
  readonly outcome: 'stored' | 'exists' | 'expired' | 'refused' | 'again';
  readonly code?: ErrorCode;
  readonly retryAfterMs?: number;
  readonly seq?: number;
  /** The message as it stands; of a refusal none. */
  readonly message?: Message;
  /** Change for readers. Absent if nothing was stored. */
  readonly change?: ConversationChange;
}

type Answer = Omit<Verdict, 'index'>;

const refused = (code: ErrorCode): Answer => ({ outcome: 'refused', code });

/**
 * A batch as log_commit_v1 does it: all sends first, then the rest in its order. The same id twice in a batch waits.
 */
export function commitBatch(database: ModelTables, batch: readonly Commit[]): Verdict[] {
  const verdicts: Verdict[] = [];
  const seen = new Set<string>();
  const run = (isSend: boolean) => {
    for (const [index, operation] of batch.entries()) {
      if ((operation.kind === 'send') !== isSend) continue;
      const key = `${operation.conversationId} ${operation.id}`;
      const isRepeat = isSend && seen.has(key);
      if (isSend) seen.add(key);
      verdicts.push({ index, ...(isRepeat ? { outcome: 'again' } : commitOne(database, operation)) });
    }
  };
  run(true);
  run(false);
  return verdicts;
}

function commitOne(database: ModelTables, operation: Commit): Answer {
  const row = database.conversations.get(operation.conversationId);
  if (row === undefined) return refused('not_found');
  return operation.kind === 'send' ? append(database, row, operation) : change(database, row, operation);
}

/** Why someone may not write here, or undefined. */
function refusalOf(
  database: ModelTables,
  row: ConversationRow,
  userId: string,
  needsVoice: boolean,
): Answer | undefined {
  const member = row.members.get(userId);
  if (member?.state === 'banned') return refused('banned');
  if (row.kind !== 'lobby' && member?.state !== 'joined') return refused('not_found');
  if (!needsVoice) return undefined;
  const code = row.pair && directRefusal(database, userId, row.pair[0] === userId ? row.pair[1] : row.pair[0]);
  if (member?.mutedUntil === undefined || member.mutedUntil <= database.now) return code && refused(code);
  const retryAfterMs = Math.min(2_147_483_647, Date.parse(member.mutedUntil) - Date.parse(database.now));
  return { ...refused('muted'), retryAfterMs };
}

function append(database: ModelTables, row: ConversationRow, { id, userId, body, replyTo }: Commit): Answer {
  const { log } = row;
  const key = log.key(id);
  if (key && (key.authorId !== userId || key.isEdit)) return refused('id_taken');
  const mayRead = database.unreadable(log.id, userId) === undefined;
  if (key && key.seq > log.floorSeq && mayRead) return { outcome: 'exists', seq: key.seq, message: log.at(key.seq)! };
  if (key) return { outcome: 'expired', seq: key.seq };
  if (!database.users.has(userId)) return refused('session_ended');
  const refusal = refusalOf(database, row, userId, true);
  if (refusal) return refusal;
  if (replyTo !== undefined && !log.hasKey(replyTo)) return refused('reply_unknown');
  const member = row.members.get(userId);
  if (row.pair && member) row.members.set(userId, { ...member, hasWritten: true });
  const change = log.append(userId, id, body!, later(database.now, log.lastAt), { replyTo });
  return { outcome: 'stored', seq: log.seq, message: log.at(log.seq)!, change };
}

function change(database: ModelTables, row: ConversationRow, operation: Commit): Answer {
  const { log } = row;
  const { kind, userId, id, editId } = operation;
  const message = log.find(id);
  if (!database.users.has(userId)) return refused('session_ended');
  if (!message) return refused('not_found');
  const unreadable = kind === 'edit' ? database.unreadable(log.id, userId) : undefined;
  if (unreadable) return refused(unreadable);
  const edit = kind === 'edit' ? log.key(editId!) : undefined;
  if (edit && (!edit.isEdit || edit.authorId !== userId || edit.seq !== message.seq)) return refused('id_taken');
  const existing: Answer = { outcome: 'exists', seq: message.seq, message };
  if (edit || (kind === 'delete' && message.deletedAt !== undefined && message.authorId === userId)) return existing;
  const refusal = refusalOf(database, row, userId, kind !== 'delete') ?? wrong(row, operation, message);
  if (refusal) return refusal;
  const stored = write(database, row, operation, later(database.now, message.createdAt));
  return stored ? { outcome: 'stored', seq: message.seq, message: log.at(message.seq)!, change: stored } : existing;
}

function wrong(row: ConversationRow, { kind, userId, emoji, on }: Commit, message: Message): Answer | undefined {
  const isAuthor = message.authorId === userId;
  const isModerator = (row.members.get(userId)?.role ?? 'member') !== 'member';
  if (kind === 'edit' && !isAuthor) return refused('forbidden');
  if (kind === 'delete' && !isAuthor && !isModerator) return refused('forbidden');
  if (message.deletedAt !== undefined) return refused('not_found');
  const others = message.reactions.filter((reaction) => reaction.emoji !== emoji).length;
  return kind === 'react' && on === true && others >= limits.reactionKinds ? refused('too_many_reactions') : undefined;
}

function write({ now }: ModelTables, { log }: ConversationRow, operation: Commit, at = now) {
  const { kind, userId, id, body, editId, emoji, on } = operation;
  if (kind === 'edit') return log.edit(id, body!, editId!, at);
  if (kind === 'delete') return log.delete(id, at);
  return log.react(userId, id, emoji!, on!);
}

function later(now: string, last: string | undefined): string {
  return last !== undefined && last > now ? last : now;
}
