import { PeriodicTask, eventLog, limits } from '@cloudhop/api/platform';
import { mentionKeys } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MentionsRepository, type SeqRange, type UnknownMentionsRow } from './mentions.repository';

const log = eventLog('mentions');

/**
 * Computes missing mention keys: of messages from before keys were stored, and of those that nodes of the release before
 * write. Works in small idempotent steps, and never locks a head. Until a message has its keys, whoever counts mentions
 * reads its texts.
 */
@Injectable()
export class MentionBackfillService implements OnModuleInit, OnApplicationShutdown {
  readonly #task = new PeriodicTask({
    intervalMs: () => limits.mentionBackfillIntervalMs,
    round: () => this.#round(),
    onError: (error) => log.error('mentions.backfill_failed', error),
  });

  constructor(private readonly repository: MentionsRepository) {}

  onModuleInit(): void {
    this.#task.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  /** Computes all keys that can be computed now. A concurrent call joins the running round. */
  run(): Promise<void> {
    return this.#task.run();
  }

  async #round(): Promise<void> {
    for (const range of await this.repository.unknownRanges()) await this.#compute(range);
    let done: string | undefined;
    while (!this.#task.isStopped) {
      const range = await this.repository.nextOld(done);
      if (!range) return;
      await this.#compute(range);
      if (this.#task.isStopped) return;
      done = range.conversationId;
    }
  }

  /** Computes the keys of a range, the newest messages first: they are the likeliest to be unread. */
  async #compute({ conversationId, after, to }: SeqRange): Promise<void> {
    for (let top = to; top > after && !this.#task.isStopped; top -= limits.mentionBackfillStep) {
      const from = Math.max(after, top - limits.mentionBackfillStep);
      const rows = await this.repository.unknown({ conversationId, after: from, to: top });
      const computed = rows.map((row) => ({ row, keys: keysOf(row) }));
      if (computed.length > 0) await this.repository.write(conversationId, computed);
    }
  }
}

/** Returns the mention keys that all texts of a message share: an edit notifies nobody new. */
function keysOf({ texts }: UnknownMentionsRow): string[] {
  const [keys = [], ...others] = texts.map(mentionKeys);
  return keys.filter((key) => others.every((other) => other.includes(key)));
}
