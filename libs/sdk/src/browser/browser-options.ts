/// <reference lib="dom" />
import type { ClientOptions, Locks, TabChannel } from '../shell/options';
import { IndexedDbStorage } from '../storage/indexed-db-storage';
import { fetchRestApi } from './fetch-rest-api';
import { socketIoConnect } from './socket-io';

/**
 * Returns the client's options from the browser. Leaves out what the browser doesn't offer on plain http, or refuses by
 * its settings: even reading such a property may throw.
 */
export function browserClientOptions(): ClientOptions {
  const locks = webLocks();
  const channel = tabChannel();
  const tabId = lastingTabId();
  return {
    api: fetchRestApi(),
    connect: socketIoConnect(),
    // Rejects if there is no database; the client then works in memory.
    storage: new IndexedDbStorage(ifAllowed(() => localStorage)),
    timer: {
      now: () => Date.now(),
      after: (ms, work) => {
        const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1));
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    lifecycle: { listen: listenToDevice },
    keepsCookies: keepsCookies(),
    ...(locks && { locks }),
    ...(channel && { channel }),
    ...(tabId !== undefined && { tabId }),
  };
}

/**
 * Returns true if a cookie can be set. Tries one: `navigator.cookieEnabled` is true in Chromium even if all are
 * blocked.
 */
function keepsCookies(): boolean {
  const probe = 'cloudhop_probe=1';
  return (
    ifAllowed(() => {
      document.cookie = `${probe}; SameSite=Strict`;
      const isKept = document.cookie.split('; ').includes(probe);
      document.cookie = `${probe}; SameSite=Strict; Max-Age=0`;
      return isKept;
    }) ?? false
  );
}

/**
 * Returns the tab's id, which lasts as long as the tab. A copied tab has the same id: both then send, and the server
 * stores once.
 */
function lastingTabId(): string | undefined {
  // Without storage the tab has a new id after each reload.
  return ifAllowed(() => {
    const id =
      sessionStorage.getItem('cloudhop.tab') ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    sessionStorage.setItem('cloudhop.tab', id);
    return id;
  });
}

function ifAllowed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function listenToDevice(woken: () => void, offline: () => void): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const seen = () => {
    if (document.visibilityState === 'visible') woken();
  };
  addEventListener('online', woken, { signal });
  addEventListener('offline', offline, { signal });
  addEventListener('focus', seen, { signal });
  document.addEventListener('visibilitychange', seen, { signal });
  return () => ended.abort();
}

/** Returns Web Locks. Browsers have them on https and localhost only. */
function webLocks(): Locks | undefined {
  const manager = ifAllowed(() => navigator.locks as LockManager | undefined);
  if (!manager) return undefined;
  return { request: async (name, options, work) => void (await manager.request(`cloudhop:${name}`, options, work)) };
}

function tabChannel(): TabChannel | undefined {
  const channel = ifAllowed(() => new BroadcastChannel('cloudhop'));
  if (!channel) return undefined;
  return {
    post: (message) => void ifAllowed(() => channel.postMessage(message)),
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
    close: () => channel.close(),
  };
}
