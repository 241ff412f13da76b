import { eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConversationLog } from '../conversation-log.service';
import { LinkPreviews } from '../previews/link-previews.service';
import { type IndexWrite, type PendingRow, SearchRepository } from './search.repository';
import { messageTerms } from './search-terms';

const log = eventLog('search');

/**
 * Follows the feeds and writes what messages are found by, and which links want a preview: what this node committed at
 * once, and in a sweep what a node that died left behind. It keeps a cursor per conversation and sees latest states, not
 * every step.
 */
@Injectable()
export class SearchIndexer implements OnModuleInit, OnApplicationShutdown {
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  /** Steps of this node come one after the other: two at once would wait for each other's rows. */
  #turn: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(
    @Inject(SearchRepository) private readonly repository: SearchRepository,
    @Inject(ConversationLog) private readonly conversationLog: ConversationLog,
    @Inject(LinkPreviews) private readonly previews: LinkPreviews,
  ) {}

  onModuleInit(): void {
    this.conversationLog.onCommitted((ids) => this.#notice(ids));
    const sweep = () => void this.catchUp().catch((error: unknown) => log.error('search.sweep_failed', error));
    this.#sweep = setInterval(sweep, limits.indexSweepMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#sweep);
    clearTimeout(this.#timer);
    await Promise.allSettled([this.#running, this.#sweeping]);
  }

  /** Indexes everything that is not yet; who asks meanwhile waits for the same. */
  catchUp(): Promise<void> {
    this.#sweeping ??= this.#catchUp().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #catchUp(): Promise<void> {
    await this.#running;
    for (;;) {
      const ids = await this.repository.behind(limits.indexConversations);
      if (ids.length === 0 || this.#isStopped) return;
      await this.#index(ids);
    }
  }

  #notice(conversationIds: Iterable<string>): void {
    for (const id of conversationIds) this.#waiting.add(id);
    // What comes while a step is running waits for the next: the busier, the larger the steps.
    this.#timer ??= setTimeout(() => {
      this.#running = this.#run()
        .catch((error: unknown) => log.error('search.index_failed', error))
        .finally(() => {
          this.#timer = undefined;
          this.#running = undefined;
          if (this.#waiting.size > 0 && !this.#isStopped) this.#notice([]);
        });
    }, limits.indexDelayMs);
  }

  async #run(): Promise<void> {
    const ids = [...this.#waiting].slice(0, limits.indexConversations);
    for (const id of ids) this.#waiting.delete(id);
    // What is left for later must not be forgotten when this fails: the sweep finds it.
    for (const id of await this.#index(ids)) this.#waiting.add(id);
  }

  /** One step. Answers the conversations of which there is more. */
  #index(ids: readonly string[]): Promise<string[]> {
    const step = this.#turn.then(() => this.#step(ids));
    this.#turn = step.catch(() => undefined);
    return step;
  }

  async #step(ids: readonly string[]): Promise<string[]> {
    const pending = await this.repository.pending(ids, limits.indexMessages);
    if (pending.length > 0) {
      const writes = pending.map((row) => this.#toWrite(row));
      await this.repository.write(writes);
      if (writes.some(({ links }) => links.length > 0)) this.previews.work();
    }
    return pending.filter(({ has_more: hasMore }) => hasMore).map(({ conversation_id: id }) => id);
  }

  #toWrite({ conversation_id: c, from_rev: f, to_rev: t, messages }: PendingRow): IndexWrite {
    const here = messages.filter(({ is_deleted: isDeleted }) => !isDeleted);
    return {
      c,
      f,
      t,
      rows: here.map(({ seq: s, author_id: authorId, at, body, is_pinned: isPinned }) => ({
        s,
        at,
        k: messageTerms({ conversationId: c, authorId, body, isPinned }),
      })),
      gone: messages.filter(({ is_deleted: isDeleted }) => isDeleted).map(({ seq }) => seq),
      links: here.flatMap((message) => this.previews.linksOf(message)),
    };
  }
}
