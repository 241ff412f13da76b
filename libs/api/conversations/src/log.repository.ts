import type { UserRow } from '@cloudhop/api/auth';
import { Database, Metrics } from '@cloudhop/api/core';
import { type ErrorCode, limits as wire } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { MessageRow } from './rows';

/** One operation on the log. Sends, edits, deletions, reactions and pins share one queue. */
export interface LogOperation {
  kind: 'send' | 'edit' | 'delete' | 'react' | 'pin';
  conversationId: string;
  userId: string;
  /** The message's id. */
  id: string;
  body?: string;
  editId?: string;
  emoji?: string;
  on?: boolean;
}

export interface LogVerdict {
  /** Which operation of the batch. */
  index: number;
  outcome: 'stored' | 'exists' | 'expired' | 'refused' | 'again';
  code: ErrorCode | null;
  retryAfterMs: number | null;
  seq: number | null;
  rev: number | null;
  at: Date | null;
  /** The message as it stands; of everything but a stored send, whose sender knows it. */
  message: MessageRow | null;
  count: number | null;
  author: UserRow | null;
}

const commitSql = `select i as index, verdict as outcome, code, retry_after_ms as "retryAfterMs", seq, rev, at, message, count, author
  from log_commit_v1($1::uuid[], $2::json, $3::json, $4, $5)`;

/** The log's tables, written by the one function that commits. */
@Injectable()
export class LogRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** Commits a batch in one round trip and answers a verdict for each operation, in any order. */
  async commit(operations: readonly LogOperation[], wait: boolean): Promise<LogVerdict[]> {
    const conversations = new Set<string>();
    const sends: object[] = [];
    const changes: object[] = [];
    for (const [i, { kind, conversationId: c, userId: u, id, body, editId: e, emoji, on }] of operations.entries()) {
      conversations.add(c);
      if (kind === 'send') sends.push({ i, c, u, id, body });
      else
        changes.push({ i, k: kind, c, u, id, body, e, emoji, on, ...(kind === 'pin' && { most: wire.messagePins }) });
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
