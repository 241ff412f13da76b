import { type Conversation, type Message, type OwnReaction, type User, authorsOf } from '@cloudhop/contracts';
import type { ModelTables } from './model-tables';

/** A page of messages as a reader gets it. */
export interface ModelPage {
  conversation: Conversation;
  messages: Message[];
  mine: OwnReaction[];
  users: User[];
  hasBefore: boolean;
  hasAfter: boolean;
}

export interface PageRange {
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  limit: number;
}

/** Latest first page, or the one that `range` asks for. The asker may read. */
export function pageOf(
  database: ModelTables,
  conversationId: string,
  userId: string,
  { before, after, around, limit }: PageRange,
): ModelPage {
  const { log } = database.conversations.get(conversationId)!;
  const floorSeq = database.floorOf(conversationId, userId);
  let to = log.seq;
  if (before !== undefined) to = Math.min(before - 1, log.seq);
  else if (after !== undefined) to = Math.min(Math.max(after, floorSeq) + limit, log.seq);
  else if (around !== undefined) to = Math.min(Math.max(around + Math.floor(limit / 2), floorSeq + limit), log.seq);
  const from = Math.max(floorSeq + 1, before === undefined && after !== undefined ? after + 1 : to - limit + 1);
  const messages = from > to ? [] : log.messages(from, to);
  const seqs = messages.map(({ seq }) => seq);
  return {
    conversation: database.conversation(conversationId, userId),
    messages,
    mine: log.mineOf(userId, seqs),
    users: database.peopleOf(messages.flatMap(authorsOf)),
    hasBefore: from > floorSeq + 1 && log.seq > floorSeq,
    hasAfter: to < log.seq,
  };
}
