import type { UserRow } from '@cloudhop/api/auth';
import { Metrics } from '@cloudhop/api/platform';
import { Database } from '@cloudhop/api/database';
import { type ErrorCode, type LinkPreview, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { verdictColumns } from './row-shapes';
import type { MessageRow, QuoteRow } from './rows';

/** One operation on the log. Sends, edits, deletions, reactions, pins and previews share one queue. */
export interface LogOperation {
  kind: 'send' | 'edit' | 'delete' | 'react' | 'pin' | 'preview';
  conversationId: string;
  userId: string;
  /** The message's id. */
  id: string;
  body?: string;
  /** Mention keys of the body of a send or an edit. */
  mentions?: readonly string[];
  /** Of a send: the id of the message that it replies to. */
  replyTo?: string | undefined;
  isForwarded?: true | undefined;
  /** Of a preview: the content of the page. `body` is the hash of the text with the link. */
  preview?: LinkPreview;
  editId?: string;
  emoji?: string;
  on?: boolean;
}

export interface LogVerdict {
  /** Index of the operation in the batch. */
  index: number;
  outcome: 'stored' | 'exists' | 'expired' | 'refused' | 'again';
  code: ErrorCode | null;
  retryAfterMs: number | null;
  seq: number | null;
  rev: number | null;
  at: Date | null;
  /** The message as it is now. Null for a stored send, whose sender has it. */
  message: MessageRow | null;
  count: number | null;
  author: UserRow | null;
  /** Of a stored reply: the quote, with its author. */
  quote: QuoteRow | null;
  quoted: UserRow | null;
}

/** Maximum number of rows of the kind that an operation adds. */
const maximums: Partial<Record<LogOperation['kind'], () => number>> = {
  pin: () => wire.messagePins,
  edit: () => wire.messageEdits,
};

const verdict = Object.entries(verdictColumns)
  .map(([name, column]) => `${column} as "${name}"`)
  .join(', ');

const commitSql = `select ${verdict} from log_commit_v1($1::uuid[], $2::json, $3::json, $4, $5)`;

/** Repository of the log. One database function commits every write. */
@Injectable()
export class LogRepository {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /** Commits a batch in one round trip. Returns a verdict for each operation, in any order. */
  async commit(operations: readonly LogOperation[], wait: boolean): Promise<LogVerdict[]> {
    const conversations = new Set<string>();
    const sends: object[] = [];
    const changes: object[] = [];
    for (const [i, operation] of operations.entries()) {
      const { kind: k, conversationId: c, userId: u, id, body, replyTo: r, isForwarded: f } = operation;
      const m = operation.mentions?.join(' ');
      conversations.add(c);
      if (k === 'send') sends.push({ i, c, u, id, body, r, f, m });
      else {
        const { editId: e, emoji, on, preview } = operation;
        changes.push({ i, k, c, u, id, body, e, emoji, on, preview, most: maximums[k]?.(), m });
      }
    }
    const end = this.metrics.commitDuration.startTimer();
    const verdicts = await this.database.prepared<LogVerdict>('log_commit', commitSql, [
      [...conversations],
      sends.length > 0 ? JSON.stringify(sends) : null,
      changes.length > 0 ? JSON.stringify(changes) : null,
      wait,
      wire.reactionKinds,
    ]);
    end();
    this.metrics.commitBatchSize.observe(operations.length);
    return verdicts;
  }
}
