import type {
  ErrorBody,
  FactName,
  FactPayload,
  RequestName,
  RouteBodyInput,
  RouteName,
  RouteParams,
  RouteQueryInput,
  RouteReply,
} from '@cloudhop/contracts';
import type { ClientStorage } from '../storage/client-storage';

/** Outcome of a REST call. `error` is absent if no answer came. */
export type HttpOutcome<T> = { ok: true; data: T; serverTime?: number } | { ok: false; error?: ErrorBody };

export type NameAndPassword = RouteBodyInput<'auth.register'>;
/** Input of a route. Fields that a route does not have may be left out. */
export interface RouteCall<N extends RouteName> {
  params?: RouteParams<N>;
  query?: RouteQueryInput<N>;
  body?: RouteBodyInput<N>;
}

/** REST client. Calls never reject. */
export interface RestApi {
  call<N extends RouteName>(name: N, input: RouteCall<N>, token?: string): Promise<HttpOutcome<RouteReply<N>>>;
}

export interface SocketListener {
  connected(): void;
  /** `error` is what the server said, if it was the server that refused. */
  failed(error: ErrorBody | undefined): void;
  disconnected(): void;
  factReceived<N extends FactName>(name: N, payload: FactPayload<N>): void;
}

/** One connection. It never reconnects by itself. */
export interface ClientSocket {
  /** Resolves with the acknowledgement, or rejects when none came in time. */
  request(name: RequestName, payload: unknown, timeoutMs: number): Promise<unknown>;
  close(): void;
}
export type Connect = (
  auth: { token: string; hidden: boolean; idle: boolean },
  listener: SocketListener,
) => ClientSocket;

/**
 * Web Locks: `work` runs once the lock is held, which is released when it settles. Rejects with an AbortError if the lock was
 * stolen or the request aborted, and with another error if there are no locks.
 */
export interface Locks {
  request(name: string, options: { steal?: boolean; signal?: AbortSignal }, work: () => Promise<void>): Promise<void>;
}

/** Channel between the tabs of one device. */
export interface TabChannel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
  close(): void;
}

export interface Timer {
  now(): number;
  /** Returns the way to cancel. */
  after(ms: number, work: () => void): () => void;
}

export interface Lifecycle {
  /**
   * Calls `woken` when the device is online again or the page is looked at, `offline` when it says so. Returns the
   * way to stop.
   */
  listen(woken: () => void, offline: () => void): () => void;
}

/** Everything outside the client. */
export interface ClientOptions {
  api: RestApi;
  connect: Connect;
  storage: ClientStorage;
  timer: Timer;
  random: () => number;
  /** False where the browser keeps no cookies: the refresh token then stays in memory. */
  keepsCookies?: boolean;
  /** Survives a reload, so that without locks a page goes on with what it had queued. */
  tabId?: string;
  locks?: Locks;
  channel?: TabChannel;
  lifecycle?: Lifecycle;
}

/** Refusal of a command; `body` is the reason. */
export class ClientError extends Error {
  constructor(readonly body: ErrorBody) {
    super(body.message);
    this.name = 'ClientError';
  }
}
