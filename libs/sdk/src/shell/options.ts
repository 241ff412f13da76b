import type {
  ErrorBody,
  FactName,
  FactPayload,
  RequestName,
  RouteBodyInput,
  Session,
  SessionInfo,
  User,
} from '@cloudhop/contracts';
import type { ClientStorage } from '../storage/client-storage';

/** How a REST call ended. `error` is absent when no answer came. */
export type HttpOutcome<T> = { ok: true; data: T; serverTime?: number } | { ok: false; error?: ErrorBody };

export type NameAndPassword = RouteBodyInput<'auth.register'>;

/** The few REST calls that the client makes. None rejects. */
export interface SessionApi {
  guest(): Promise<HttpOutcome<Session>>;
  refresh(): Promise<HttpOutcome<Session>>;
  logOut(): Promise<HttpOutcome<undefined>>;
  rename(token: string, displayName: string): Promise<HttpOutcome<User>>;
  register(token: string, account: NameAndPassword): Promise<HttpOutcome<Session>>;
  logIn(account: NameAndPassword): Promise<HttpOutcome<Session>>;
  recover(recovery: RouteBodyInput<'auth.recover'>): Promise<HttpOutcome<Session>>;
  makeRecoveryCodes(
    token: string,
    proof: RouteBodyInput<'auth.recoveryCodes'>,
  ): Promise<HttpOutcome<{ codes: string[] }>>;
  changePassword(token: string, change: RouteBodyInput<'auth.password'>): Promise<HttpOutcome<undefined>>;
  listSessions(token: string): Promise<HttpOutcome<{ items: SessionInfo[] }>>;
  endSession(token: string, sessionId: string): Promise<HttpOutcome<undefined>>;
  endSessions(token: string): Promise<HttpOutcome<undefined>>;
}

export interface SocketListener {
  connected(): void;
  /** `error` is what the server said, if it was the server that refused. */
  failed(error: ErrorBody | undefined): void;
  disconnected(): void;
  told<N extends FactName>(name: N, payload: FactPayload<N>): void;
}

/** One connection attempt and what became of it; it never reconnects by itself. */
export interface ClientSocket {
  /** Resolves with the acknowledgement, or rejects when none came in time. */
  request(name: RequestName, payload: unknown, timeoutMs: number): Promise<unknown>;
  close(): void;
}
export type Connect = (auth: { token: string; hidden: boolean }, listener: SocketListener) => ClientSocket;

/** As Web Locks: `work` runs once the lock is held, and holds it until it settles. */
export interface Locks {
  request(name: string, options: { steal?: boolean; signal?: AbortSignal }, work: () => Promise<void>): Promise<void>;
}

/** Word between the tabs of one device. */
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
  /** Calls back when the device is online again, or the page is looked at. Returns the way to stop. */
  onWake(listener: () => void): () => void;
}

/** Everything outside the client. */
export interface ClientOptions {
  api: SessionApi;
  connect: Connect;
  storage: ClientStorage;
  timer: Timer;
  random: () => number;
  /** Survives a reload, so that without locks a page goes on with what it had queued. */
  tabId?: string;
  locks?: Locks;
  channel?: TabChannel;
  lifecycle?: Lifecycle;
}

/** A verb that was refused; `body` says why. */
export class ClientError extends Error {
  constructor(readonly body: ErrorBody) {
    super(body.message);
    this.name = 'ClientError';
  }
}
