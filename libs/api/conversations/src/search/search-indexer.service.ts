import { eventLog, isConnectionLost, isRetriable, limits, renderRows } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConversationLogService } from '../conversation-log.service';
import { LinkPreviewsService } from '../previews/link-previews.service';
import { type IndexWrite, type PendingRow, SearchRepository } from './search.repository';
import { messageTerms } from './search-terms';

const log = eventLog('search');

/** Result of a step: conversations with more to index, and those that could not be written. */
interface Step {
  unfinished: string[];
  failed: string[];
}

/**
 * Indexer of messages and links. Indexes the commits of this node at once, and in a sweep those of crashed nodes. Keeps
 * a cursor per conversation and reads latest states, not every change.
 */
@Injectable()
export class SearchIndexerService implements OnModuleInit, OnApplicationShutdown {
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  /** Serialises the steps of this node: concurrent ones would wait for each other's rows. */
  #turn: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(
    private readonly repository: SearchRepository,
    private readonly conversationLog: ConversationLogService,
    private readonly previews: LinkPreviewsService,
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

  /** Indexes everything that is not indexed. A concurrent call joins the running one. */
  catchUp(): Promise<void> {
    this.#sweeping ??= this.#catchUp().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #catchUp(): Promise<void> {
    await this.#running;
    /** Conversations that failed in this sweep; the next one tries them again. */
    const failed = new Set<string>();
    for (;;) {
      const ids = await this.repository.behind([...failed], limits.indexConversations);
      if (ids.length === 0 || this.#isStopped) return;
      for (const id of (await this.#index(ids)).failed) failed.add(id);
    }
  }

  #notice(conversationIds: Iterable<string>): void {
    for (const id of conversationIds) this.#waiting.add(id);
    // Changes during a step wait for the next one: steps grow with the load.
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
    // Not lost if this fails: the sweep finds the rest.
    for (const id of (await this.#index(ids)).unfinished) this.#waiting.add(id);
  }

  /** Runs one step. */
  #index(ids: readonly string[]): Promise<Step> {
    const step = this.#turn.then(() => this.#step(ids));
    this.#turn = step.catch(() => undefined);
    return step;
  }

  async #step(ids: readonly string[]): Promise<Step> {
    const pending = await this.repository.pending(ids, limits.indexMessages);
    const writes = pending.map((row) => this.#toWrite(row));
    const failed = new Set(writes.length > 0 ? await this.#write(writes) : []);
    if (writes.some(({ links, c }) => links.length > 0 && !failed.has(c))) this.previews.work();
    const unfinished = pending.flatMap(({ has_more: hasMore, conversation_id: id }) =>
      hasMore && !failed.has(id) ? [id] : [],
    );
    return { unfinished, failed: [...failed] };
  }

  /**
   * Writes a batch atomically. Writes a failed one conversation by conversation. Returns the conversations that failed.
   */
  async #write(writes: readonly IndexWrite[]): Promise<string[]> {
    try {
      await this.repository.write(writes);
      return [];
    } catch (error) {
      // The batch is not at fault. Single writes would overload a database that is restarting.
      if (isRetriable(error) || isConnectionLost(error)) throw error;
      if (writes.length === 1) {
        const [{ c: conversationId }] = writes as [IndexWrite];
        log.error('search.conversation_failed', error, { conversationId });
        return [conversationId];
      }
    }
    const failed: string[] = [];
    for (const each of writes) failed.push(...(await this.#write([each])));
    return failed;
  }

  #toWrite({ conversation_id: c, from_rev: f, to_rev: t, messages }: PendingRow): IndexWrite {
    const here = messages.filter(({ is_deleted: isDeleted }) => !isDeleted);
    // A message that can't be split into terms is left out of the index.
    const read = renderRows(
      {
        kind: 'search_message',
        keyOf: ({ seq }) => `${c} ${seq}`,
        render: (message) => {
          const { seq: s, author_id: authorId, at, body, is_pinned: isPinned } = message;
          const k = messageTerms({ conversationId: c, authorId, body, isPinned });
          return { row: { s, at, k }, links: this.previews.linksOf(message) };
        },
      },
      here,
    );
    return {
      c,
      f,
      t,
      rows: read.map(({ row }) => row),
      gone: messages.filter(({ is_deleted: isDeleted }) => isDeleted).map(({ seq }) => seq),
      links: read.flatMap(({ links }) => links),
    };
  }
}
