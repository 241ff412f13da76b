import { setTimeout as wait } from 'node:timers/promises';
import type { Message, MessagePage, Session } from '@cloudhop/contracts';
import type { PostgresUnderTest } from './postgres-under-test';

const pageLimit = 100;
const retryMs = 300;

/** A row of messages as Postgres has it. */
export interface StoredMessage {
  id: string;
  seq: number;
  rev: number;
  authorId: string;
  body: string;
  isDeleted: boolean;
}

interface StoredReaction {
  seq: number;
  userId: string;
  emoji: string;
  isOn: boolean;
  rev: number;
}

/** The conversation at the end, as the server tells it and as Postgres has it. */
export interface StoredLog {
  /** Time at which reading began, in milliseconds on this machine's clock: later acknowledgements may be missing. */
  readAt: number;
  head: { seq: number; rev: number };
  /** By REST, ascending. */
  told: readonly Message[];
  rows: readonly StoredMessage[];
  reactions: readonly StoredReaction[];
  /** Ids of the edits that were written. */
  editIds: ReadonlySet<string>;
}

/** Head of the conversation. */
export async function readHead(
  postgres: PostgresUnderTest,
  conversationId: string,
  deadline: number,
): Promise<StoredLog['head']> {
  const [head] = await postgres.query<{ seq: string; rev: string }>(
    'select seq, rev from conversation_heads where conversation_id = $1',
    [conversationId],
    deadline,
  );
  return { seq: Number(head!.seq), rev: Number(head!.rev) };
}

/** Reads everything, from a server at `url` and from Postgres. */
export async function readLog(
  postgres: PostgresUnderTest,
  url: string,
  conversationId: string,
  deadline: number,
): Promise<StoredLog> {
  const readAt = Date.now();
  const rows = await postgres.query<{
    id: string;
    seq: string;
    rev: string;
    author_id: string;
    body: string;
    gone: boolean;
  }>(
    `select id, seq, rev, author_id, body, deleted_at is not null as gone from messages
     where conversation_id = $1 order by seq`,
    [conversationId],
    deadline,
  );
  const reactions = await postgres.query<{ seq: string; user_id: string; emoji: string; is_on: boolean; rev: string }>(
    'select seq, user_id, emoji, is_on, rev from reactions where conversation_id = $1',
    [conversationId],
    deadline,
  );
  const edits = await postgres.query<{ id: string }>(
    'select id from message_keys where conversation_id = $1 and is_edit',
    [conversationId],
    deadline,
  );
  return {
    readAt,
    head: await readHead(postgres, conversationId, deadline),
    told: await untilAnswered(() => readPages(url, conversationId), deadline),
    rows: rows.map(({ id, seq, rev, author_id: authorId, body, gone }) => ({
      id,
      seq: Number(seq),
      rev: Number(rev),
      authorId,
      body,
      isDeleted: gone,
    })),
    reactions: reactions.map(({ seq, user_id: userId, emoji, is_on: isOn, rev }) => ({
      seq: Number(seq),
      userId,
      emoji,
      isOn,
      rev: Number(rev),
    })),
    editIds: new Set(edits.map(({ id }) => id)),
  };
}

/** Tries again until `deadline`: a server may still be starting. */
async function untilAnswered<T>(read: () => Promise<T>, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(retryMs);
    }
  }
}

/** The whole log by REST, as an outside program would read it. */
async function readPages(url: string, conversationId: string): Promise<Message[]> {
  const { accessToken } = (await ask(`${url}/api/auth/guest`, { method: 'POST', body: '{}' })) as Session;
  const messages: Message[] = [];
  for (let cursor: string | undefined; ;) {
    const query = `limit=${pageLimit}${cursor === undefined ? '' : `&before=${cursor}`}`;
    const page = (await ask(`${url}/api/conversations/${conversationId}/messages?${query}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })) as MessagePage;
    messages.unshift(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return messages;
  }
}

async function ask(
  url: string,
  { headers, ...init }: RequestInit & { headers?: Record<string, string> },
): Promise<unknown> {
  const response = await fetch(url, {
    ...init,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
