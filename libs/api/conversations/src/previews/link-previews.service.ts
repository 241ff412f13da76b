import { ENV, type Env, Metrics, type RateLimiter, RateLimits, eventLog, limits } from '@cloudhop/api/platform';
import type { LinkPreview } from '@cloudhop/contracts';
import { parseMarkup, previewLink } from '@cloudhop/markup';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { ConversationLogService } from '../conversation-log.service';
import type { IndexWrite, PendingMessage } from '../search/search.repository';
import { LinkPreviewsRepository, type PreviewJob } from './link-previews.repository';
import { fetchPage } from './page-fetcher';
import { readPreview } from './page-preview';
import { PageRefused } from './page-refused';

const log = eventLog('previews');

const mayHoldLink = /https?:\/\/|www\./i;
/** Lease of a claimed job, longer than any page may take. A node that has not finished a job by then has died. */
const leaseMs = 60_000;
/** Maximum tries of a job that fails for an internal reason. */
const maxTries = 3;
const forgetIntervalMs = 3_600_000;

/**
 * Reads linked pages and adds their previews to messages, after the commit and as a change of its own, so that a send
 * never waits for a page. Jobs are rows, so another node continues after a crash.
 */
@Injectable()
export class LinkPreviewsService implements OnModuleInit, OnApplicationShutdown {
  readonly #isOn: boolean;
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #agentName: string;
  readonly #authors: RateLimiter;
  /** Requests in flight by address: messages with the same link share one. */
  readonly #fetching = new Map<string, Promise<LinkPreview | undefined>>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #claiming: Promise<void> | undefined;
  #isMoreWanted = false;

  constructor(
    private readonly repository: LinkPreviewsRepository,
    private readonly conversationLog: ConversationLogService,
    private readonly metrics: Metrics,
    rateLimits: RateLimits,
    @Inject(ENV) env: Env,
  ) {
    this.#authors = rateLimits.perMinute('previews', limits.previewsPerMinute);
    this.#isOn = env.LINK_PREVIEWS === 'on';
    this.#allowedHosts = env.LINK_PREVIEW_HOSTS;
    // A header must be ASCII.
    const site = env.PUBLIC_URL === undefined ? '' : `; ${new URL(env.PUBLIC_URL).origin}`;
    this.#agentName = `Cloudhop (link previews${site})`;
  }

  onModuleInit(): void {
    // Also runs with previews switched off, to delete those from before.
    const forget = () => void this.repository.forget(limits.previewKeptMs, limits.previewWithinMs).catch(failed);
    this.#timers.push(setInterval(forget, forgetIntervalMs));
    // Jobs that a crashed node has left.
    if (this.#isOn) this.#timers.push(setInterval(() => this.work(), limits.indexSweepMs));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopped.abort();
    await this.#claiming;
    await Promise.allSettled(this.#running);
  }

  /** Returns the link of a message that needs a preview, for the indexer: none or one. */
  linksOf(message: PendingMessage): IndexWrite['links'] {
    const { seq: s, id, author_id: u, body, at, has_preview: hasPreview } = message;
    // Every edit removes the preview, so an existing one belongs to this text.
    if (!this.#isOn || hasPreview || !mayHoldLink.test(body) || Date.parse(at) < Date.now() - limits.previewWithinMs)
      return [];
    const link = previewLink(parseMarkup(body));
    return link ? [{ s, id, u, url: link.href, h: hashOf(body) }] : [];
  }

  /** Reads pages of due jobs, a few at a time. */
  work(): void {
    if (this.#claiming) {
      this.#isMoreWanted = true;
      return;
    }
    this.#claiming = this.#claim()
      .catch(failed)
      .finally(() => {
        this.#claiming = undefined;
        if (this.#isMoreWanted && !this.#stopped.signal.aborted) {
          this.#isMoreWanted = false;
          this.work();
        }
      });
  }

  /** Resolves when no job is claimed or being read. */
  async whenIdle(): Promise<void> {
    while (this.#claiming || this.#running.size > 0) await Promise.allSettled([this.#claiming, ...this.#running]);
  }

  async #claim(): Promise<void> {
    const free = limits.previewFetches - this.#running.size;
    if (free <= 0 || this.#stopped.signal.aborted) return;
    for (const job of await this.repository.claim(free, leaseMs)) {
      const run = this.#do(job)
        .catch(failed)
        .finally(() => {
          this.#running.delete(run);
          // More jobs may be due than slots were free.
          if (!this.#stopped.signal.aborted) this.work();
        });
      this.#running.add(run);
    }
  }

  async #do(job: PreviewJob): Promise<void> {
    if (job.tries <= maxTries) {
      const preview = await this.#previewOf(job);
      // A node that stops abandons the job; another one claims it.
      if (this.#stopped.signal.aborted) return;
      const { conversation_id: conversationId, message_id: id, author_id: authorId } = job;
      if (preview) await this.conversationLog.addPreview({ conversationId, id, authorId }, job.said, preview);
    }
    await this.repository.finish(job);
  }

  async #previewOf({ url, author_id: authorId }: PreviewJob): Promise<LinkPreview | undefined> {
    const known = await this.repository.known(url, limits.previewKeptMs, limits.previewFailedMs);
    if (known !== undefined) {
      this.metrics.previews.inc({ outcome: known === null ? 'known_none' : 'known' });
      return known ?? undefined;
    }
    const isAllowed = await this.#authors.consume(authorId).then(
      () => true,
      () => false,
    );
    if (!isAllowed) {
      this.metrics.previews.inc({ outcome: 'rate_limited' });
      return undefined;
    }
    const fetching = this.#fetching.get(url) ?? this.#fetch(url).finally(() => this.#fetching.delete(url));
    this.#fetching.set(url, fetching);
    return fetching;
  }

  async #fetch(url: string): Promise<LinkPreview | undefined> {
    const end = this.metrics.previewDuration.startTimer();
    let preview: LinkPreview | undefined;
    let outcome = 'none';
    try {
      const page = await fetchPage(url, {
        allowedHosts: this.#allowedHosts,
        agentName: this.#agentName,
        signal: this.#stopped.signal,
      });
      const read = readPreview(page);
      preview = read && { url, ...read };
      if (preview) outcome = 'fetched';
    } catch (error) {
      if (!(error instanceof PageRefused)) throw error;
      if (error.reason === 'aborted') return undefined;
      outcome = error.reason;
    }
    end();
    this.metrics.previews.inc({ outcome });
    await this.repository.keep(url, preview);
    return preview;
  }
}

/** Returns the hash of a text that the commit compares. */
export function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function failed(error: unknown): void {
  log.error('previews.failed', error);
}
