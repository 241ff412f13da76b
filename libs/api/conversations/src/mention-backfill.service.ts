import { eventLog, limits } from '@cloudhop/api/core';
import { mentionKeys } from '@cloudhop/contracts';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MentionsRepository, type SeqRange, type UnknownMentionsRow } from './mentions.repository';

const log = eventLog('mentions');

/**
 * Computes the mention keys that no commit computed: of messages from before there were any, and of those that nodes of
 * the release before write. Works in small steps, which can be repeated and stopped anywhere, and never locks a head.
 * Until a key is there, readers get the texts and look themselves.
 */
@Injectable()
export class MentionBackfill implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(@Inject(MentionsRepository) private readonly repository: MentionsRepository) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.run(), limits.mentionBackfillIntervalMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Computes all that can be computed now. Whoever calls meanwhile waits for the same. */
  run(): Promise<void> {
    this.#running ??= this.#round()
      .catch((error: unknown) => log.error('mentions.backfill_failed', error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #round(): Promise<void> {
    for (const range of await this.repository.unknownRanges()) await this.#compute(range);
    let done: string | undefined;
    while (!this.#isStopped) {
      const range = await this.repository.nextOld(done);
      if (!range) return;
      await this.#compute(range);
      if (this.#isStopped) return;
      done = range.conversationId;
    }
  }

  /** The newest first: they are the likeliest to be unread. */
  async #compute({ conversationId, after, to }: SeqRange): Promise<void> {
    for (let top = to; top > after && !this.#isStopped; top -= limits.mentionBackfillStep) {
      const from = Math.max(after, top - limits.mentionBackfillStep);
      const rows = await this.repository.unknown({ conversationId, after: from, to: top });
      const computed = rows.map((row) => ({ row, keys: keysOf(row) }));
      if (computed.length > 0) await this.repository.write(conversationId, computed);
    }
  }
}

/** Returns the keys that every text of a message has: an edit notifies nobody new. */
function keysOf({ texts }: UnknownMentionsRow): string[] {
  const [keys = [], ...others] = texts.map(mentionKeys);
  return keys.filter((key) => others.every((other) => other.includes(key)));
}
