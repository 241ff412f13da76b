import { computed, effect, inject, signal, untracked, type Signal } from '@angular/core';
import type { ErrorCode, ServerStatus } from '@cloudhop/contracts';
import { Attention, ClientStore } from '@cloudhop/web/state';
import { type Ping, StatusSource } from './status-source';

/** Interval between two requests while the page is visible, in milliseconds. */
export const refreshMs = 5_000;

export interface ServerStatusView {
  /** Latest status, also while newer requests fail; undefined before the first. */
  status: Signal<ServerStatus | undefined>;
  /** Reason why the latest request failed: an error of the server, or no answer. Undefined if it didn't. */
  failure: Signal<ErrorCode | 'no_answer' | undefined>;
  /** Latest answer of the socket; undefined without a connection. */
  ping: Signal<Ping | undefined>;
  refresh: () => Promise<void>;
}

/** Returns the status, refreshed while the page is visible. Requires an injection context. */
export function injectServerStatus(): ServerStatusView {
  const source = inject(StatusSource);
  const store = inject(ClientStore);
  const attention = inject(Attention);
  const status = signal<ServerStatus | undefined>(undefined);
  const failure = signal<ErrorCode | 'no_answer' | undefined>(undefined);
  const ping = signal<Ping | undefined>(undefined);
  // While it catches up, a ping would wait behind the answers to that.
  const isLive = computed(() => store.connection().phase === 'live');
  /** Number of the latest round: answers of earlier rounds are discarded. */
  let round = 0;

  const refresh = async () => {
    const current = ++round;
    const measured = isLive() ? source.ping() : Promise.resolve(undefined);
    const read = source.load().then((outcome) => {
      if (current !== round) return;
      if (outcome.ok) status.set(outcome.data);
      failure.set(outcome.ok ? undefined : (outcome.error?.code ?? 'no_answer'));
    });
    const pinged = measured.then((answer) => {
      if (current === round) ping.set(answer);
    });
    await Promise.all([read, pinged]);
  };

  effect((onCleanup) => {
    // A new connection may be to another node.
    if (!isLive()) ping.set(undefined);
    if (!attention.isVisible()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const turn = async () => {
      await refresh();
      if (!isOver) timer = setTimeout(() => void turn(), refreshMs);
    };
    untracked(() => void turn());
    onCleanup(() => {
      isOver = true;
      round++;
      clearTimeout(timer);
    });
  });

  return { status, failure, ping, refresh };
}
