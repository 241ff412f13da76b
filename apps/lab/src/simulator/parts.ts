import type { FeedFrame, FeedKey } from '@cloudhop/api/realtime';
import type { Session } from '@cloudhop/contracts';
import type {
  ClientEvent,
  Fact,
  ModelDatabase,
  OutboxEntry,
  Outcome,
  RequestEffect,
  State,
  StoredUser,
  Timelines,
  Unstamped,
} from '@cloudhop/sdk/testing';
import type { Chance } from '../chance';
import type { Clock } from './clock';
import type { GoneTexts } from './gone-texts';
import type { Done, Refusal, Task } from './tasks';
import type { Weather } from './weather';

// Parts of a world know each other by these interfaces, so that no file imports one that imports it.

export interface Counts {
  programs: number;
  steps: number;
  faults: number;
  checks: number;
}

/** World, as its parts know it. */
export interface WorldPart {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly counts: Counts;
  readonly lobbyId: string;
  readonly database: ModelDatabase;
  readonly isDatabaseUp: boolean;
  /** Number of times that all connections to the database ended. */
  readonly connections: number;
  readonly laws: LawsPart;
  readonly tabs: readonly TabPart[];
  nextId(): string;
  someNode(): NodePart | undefined;
  publish(from: NodePart, frame: FeedFrame): void;
}

/** Server, as its parts, its sockets and its callers know it. */
export interface NodePart {
  readonly world: WorldPart;
  readonly id: number;
  readonly isUp: boolean;
  readonly epoch: string;
  readonly feeds: { publish(frame: FeedFrame): void };
  after(ms: number, run: () => void): void;
  run<T>(task: Task<T>, done?: Done<T>): void;
  noticeEpoch(epoch: string): void;
  connect(link: LinkPart, token: string): void;
  closed(link: LinkPart): void;
  answer(link: LinkPart, effect: RequestEffect, tell: (outcome: Outcome) => void): void;
}

/** Socket, as its server and its tab know it. */
export interface LinkPart {
  readonly feeds: Set<FeedKey>;
  readonly userId: string;
  readonly sessionId: string;
  expiresAt: number;
  readonly isOpen: boolean;
  readonly node: NodePart;
  tell(fact: Fact): void;
  accepted(): void;
  refused(refusal: Refusal): void;
  revoke(): void;
  cut(): void;
}

/** Page, as its browser, its socket and the laws know it. */
export interface TabPart {
  readonly id: string;
  readonly browser: BrowserPart;
  readonly state: State;
  readonly timelines: Timelines;
  readonly link: LinkPart | undefined;
  readonly requests: number;
  readonly sent: readonly string[];
  hear(link: LinkPart, event: Unstamped): void;
  heardFromTab(message: TabMessage): void;
  claimed(claim: Pick<LaneClaim, 'conversationId' | 'claimId'>): void;
  claimLost(conversationId: string): void;
}

export interface TabMessage {
  readonly type: 'outbox' | 'wiped';
  readonly userId: string;
}

/** Request of a page for the lock of a lane. */
export interface LaneClaim {
  readonly tab: TabPart;
  readonly conversationId: string;
  readonly claimId: number;
}

/** Device, as its pages and the laws know it. */
export interface BrowserPart {
  readonly world: WorldPart;
  readonly hasLocks: boolean;
  isOnline: boolean;
  readonly tabs: readonly TabPart[];
  lastUser: { userId: string; lobbyId?: string } | undefined;
  storageOf(userId: string): StoredUser;
  storedTexts(userId: string, conversationId: string): number;
  post(from: TabPart, message: TabMessage): void;
  askForSession(way: 'guest' | 'refresh', done: (outcome: Outcome<Session>) => void): void;
  logOut(done: (isDone: boolean) => void): void;
  claim(claim: LaneClaim, userId: string): void;
  release(tab: TabPart, conversationId: string | undefined): void;
  steal(tab: TabPart): void;
}

/** Laws, as the parts that report to them know them. */
export interface LawsPart {
  readonly gone: GoneTexts;
  onStep(tab: TabPart, before: State, event: ClientEvent): void;
  onTold(link: LinkPart, fact: Fact): void;
  onReply(request: string, answer: unknown, arrivedAt: number): void;
  onStored(tab: TabPart, entry: OutboxEntry): void;
  excuseUser(userId: string | undefined): void;
}
