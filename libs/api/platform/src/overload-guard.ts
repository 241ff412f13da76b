import { PerformanceObserver, constants, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { RequestWork } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DomainError } from './domain-error';
import { eventLog } from './event-log';
import { limits } from './limits';
import { Metrics } from './metrics';

/** `reads`: new sockets, guests and reads are refused. `all`: sends too. */
export type LoadLevel = 'normal' | 'reads' | 'all';
const levels: readonly LoadLevel[] = ['normal', 'reads', 'all'];

export interface LoadReadings {
  /** Live heap, or resident memory where the process has a limit of its own: the larger share of its limit, in percent. */
  memoryPercent: number;
  /** Median delay of the event loop since the last reading. */
  loopDelayMs: number;
}

/** A kind of work that can be refused. `connect`: a handshake, or a first request without a user. */
export type ShedWork = RequestWork | 'connect';

const log = eventLog('overload');

/**
 * Refuses work before memory or the event loop is exhausted, with `overloaded`: what is new first, sends last. What was
 * accepted goes on. One timer for the process; a request costs one comparison.
 */
@Injectable()
export class OverloadGuard implements OnModuleInit, OnApplicationShutdown {
  #level: LoadLevel = 'normal';
  /** Readings in a row that were below the present level. */
  #calmReadings = 0;
  #liveHeapBytes = 0;
  #loopDelay?: ReturnType<typeof monitorEventLoopDelay>;
  #collections?: PerformanceObserver;
  #timer?: NodeJS.Timeout;

  constructor(private readonly metrics: Metrics) {}

  get level(): LoadLevel {
    return this.#level;
  }

  onModuleInit(): void {
    this.#loopDelay = monitorEventLoopDelay({ resolution: limits.loopDelayResolutionMs });
    this.#loopDelay.enable();
    // Between two major collections the heap holds garbage too: only right after one it shows what is in use.
    this.#collections = new PerformanceObserver((list) => {
      const isMajor = list
        .getEntries()
        .some(
          (entry) => (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR,
        );
      if (isMajor) this.#liveHeapBytes = getHeapStatistics().used_heap_size;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
    this.#timer = setInterval(() => this.take(this.#read()), limits.loadCheckIntervalMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#loopDelay?.disable();
    this.#collections?.disconnect();
  }

  /** Throws overloaded if this kind of work is refused now. */
  admit(work: ShedWork): void {
    if (this.#level === 'normal') return;
    if (this.#level === 'reads' && work !== 'read' && work !== 'connect') return;
    // Closing a conversation, or renewing a session, costs next to nothing and frees more.
    if (work === 'connection') return;
    this.metrics.shedRequests.inc({ work });
    throw new DomainError('overloaded', { retryAfterMs: limits.overloadedRetryMs });
  }

  /** Takes a reading. The level rises at once, and falls after limits.calmReadings lower ones, one step at a time. */
  take(readings: LoadReadings): void {
    const due = levelOf(readings);
    if (levels.indexOf(due) > levels.indexOf(this.#level)) return this.#change(due, readings);
    this.#calmReadings = due === this.#level ? 0 : this.#calmReadings + 1;
    if (this.#calmReadings >= limits.calmReadings)
      this.#change(levels[levels.indexOf(this.#level) - 1] ?? 'normal', readings);
  }

  #change(level: LoadLevel, { memoryPercent, loopDelayMs }: LoadReadings): void {
    const before = this.#level;
    this.#level = level;
    this.#calmReadings = 0;
    this.metrics.loadLevel.set(levels.indexOf(level));
    const fields = { level, before, memoryPercent: Math.round(memoryPercent), loopDelayMs: Math.round(loopDelayMs) };
    if (level === 'normal') log.info('load_level', fields);
    else log.warn('load_level', fields);
  }

  #read(): LoadReadings {
    const delay = this.#loopDelay!;
    // In nanoseconds, and each delay includes the timer's own interval.
    const loopDelayMs = Math.max(0, delay.percentile(50) / 1e6 - limits.loopDelayResolutionMs);
    delay.reset();
    const heap = this.#liveHeapBytes / getHeapStatistics().heap_size_limit;
    // 0, or more than the machine has, where nothing limits the process.
    const allowed = process.constrainedMemory();
    const isLimited = allowed > 0 && allowed < Number.MAX_SAFE_INTEGER;
    const resident = isLimited ? process.memoryUsage.rss() / allowed : 0;
    return {
      memoryPercent: 100 * Math.max(heap, resident),
      loopDelayMs: Number.isFinite(loopDelayMs) ? loopDelayMs : 0,
    };
  }
}

function levelOf({ memoryPercent, loopDelayMs }: LoadReadings): LoadLevel {
  if (memoryPercent >= limits.shedAllMemoryPercent || loopDelayMs >= limits.shedAllLoopDelayMs) return 'all';
  if (memoryPercent >= limits.shedReadsMemoryPercent || loopDelayMs >= limits.shedReadsLoopDelayMs) return 'reads';
  return 'normal';
}
