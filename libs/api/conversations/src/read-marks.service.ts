import { PersonalFeedPublisher, type PersonalFeedRow } from '@cloudhop/api/personal-feed';
import {
  type Actor,
  type AppSocket,
  DomainError,
  LatestWrites,
  RealtimeServer,
  eventLog,
  isolate,
  limits,
} from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import type { ReadMark, RequestPayload } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MemberMarksRepository } from './member-marks.repository';
import type { MembershipRow } from './membership-rows';

const log = eventLog('read_marks');

/** Read mark and delivery mark of a user in a conversation. */
interface Mark {
  u: string;
  c: string;
  /** Seq up to which the user has read. */
  seq?: number | undefined;
  /** Seq up to which a device has received. */
  got?: number | undefined;
}

type Refusal = 'not_found' | 'banned' | 'beyond' | 'behind';

interface ReadMarksMessage {
  marks: ReadMark[];
}

/** Marks of one conversation that wait to be emitted. */
interface PendingMarks {
  marks: Map<string, ReadMark>;
  timer: NodeJS.Timeout | undefined;
  emittedAt: number;
}

/**
 * Read marks: written at most once a second for each user and conversation, in a commit of their own and without the
 * conversation's lock. Their public part is emitted as a latest value.
 */
@Injectable()
export class ReadMarksService implements OnModuleInit, OnApplicationShutdown {
  readonly #pending = new Map<string, PendingMarks>();
  readonly #writes = new LatestWrites<Mark, Refusal | undefined>({
    intervalMs: () => limits.readMarkIntervalMs,
    most: () => limits.readMarkQueue,
    merge: (before, after) => ({ ...after, seq: later(before.seq, after.seq), got: later(before.got, after.got) }),
    write: async (marks) => {
      const rows = await this.repository.writeReadMarks(marks);
      isolate(log, 'read_marks.tell_failed', () => this.#publish(rows));
      const refused = new Map(rows.flatMap((row) => (row.kind === 'refused' ? [refusalOf(row)] : [])));
      return marks.map(({ u, c }) => refused.get(keyOf(u, c)));
    },
  });

  constructor(
    private readonly repository: MemberMarksRepository,
    private readonly personalFeeds: PersonalFeedPublisher,
    private readonly feeds: FeedHub,
    private readonly realtime: RealtimeServer,
  ) {}

  onModuleInit(): void {
    this.feeds.onEphemeral('read', (conversationId, message) =>
      this.#receive(conversationId, (message as ReadMarksMessage).marks),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    await this.#writes.close();
  }

  /**
   * Moves the actor's marks forward. Resolves once they, or later ones, are stored. Throws not_found, banned, and
   * invalid for a mark beyond the head or behind the stored one: marks never move back.
   */
  async move({ userId }: Pick<Actor, 'userId'>, mark: RequestPayload<'conversation:read'>): Promise<void> {
    const { conversationId, seq, deliveredSeq } = mark;
    const refusal = await this.#writes.put(keyOf(userId, conversationId), {
      u: userId,
      c: conversationId,
      seq,
      got: deliveredSeq,
    });
    if (refusal === undefined) return;
    if (refusal === 'not_found' || refusal === 'banned') throw new DomainError(refusal);
    const field = refusal === 'behind' || seq !== undefined ? 'seq' : 'deliveredSeq';
    const problem = refusal === 'beyond' ? 'must not be after the last message' : 'must not be before the stored mark';
    throw new DomainError('invalid', { fields: { [field]: problem } });
  }

  /** Writes pending marks now. */
  flush(): Promise<void> {
    return this.#writes.flush();
  }

  #publish(rows: readonly PersonalFeedRow[]): void {
    this.personalFeeds.publish(rows.filter(({ kind }) => kind === 'membership'));
    const byConversation = Map.groupBy(
      rows.flatMap(({ kind, data }) => (kind === 'mark' ? [data as MembershipRow] : [])),
      (row) => row.conversation_id,
    );
    for (const [conversationId, marks] of byConversation)
      this.feeds.publishEphemeral('read', conversationId, { marks: marks.map(toReadMark) } satisfies ReadMarksMessage);
  }

  #receive(conversationId: string, marks: readonly ReadMark[]): void {
    const pending = this.#pending.get(conversationId) ?? { marks: new Map(), timer: undefined, emittedAt: -Infinity };
    this.#pending.set(conversationId, pending);
    for (const mark of marks) pending.marks.set(mark.userId, mark);
    const wait = Math.max(0, pending.emittedAt + limits.readTellIntervalMs - performance.now());
    pending.timer ??= setTimeout(() => this.#emit(conversationId, pending), wait);
  }

  /** Emits marks to readers who send read receipts themselves, unless the only mark is their own. */
  #emit(conversationId: string, pending: PendingMarks): void {
    pending.timer = undefined;
    if (pending.marks.size === 0) return void this.#pending.delete(conversationId);
    const marks = [...pending.marks.values()];
    pending.marks.clear();
    pending.emittedAt = performance.now();
    const hasOthers = ({ data }: AppSocket) => marks.some(({ userId }) => userId !== data.actor.userId);
    const sockets = this.feeds.activeSockets(conversationFeed(conversationId));
    const readers = sockets.filter((socket) => sendsReceipts(socket) && hasOthers(socket));
    isolate(log, 'read_marks.emit_failed', () =>
      this.realtime.emitTo(readers, 'read:changed', { conversationId, marks }),
    );
    // Dropped once no mark arrived for an interval.
    pending.timer = setTimeout(() => this.#emit(conversationId, pending), limits.readTellIntervalMs);
  }
}

const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

const keyOf = (userId: string, conversationId: string): string => `${userId} ${conversationId}`;

function refusalOf({ user_id: userId, data }: PersonalFeedRow): [string, Refusal] {
  const { conversation_id: conversationId, code } = data as { conversation_id: string; code: Refusal };
  return [keyOf(userId, conversationId), code];
}

function toReadMark(row: MembershipRow): ReadMark {
  return { userId: row.user_id, readSeq: row.shown_seq, deliveredSeq: row.delivered_seq };
}

/** Returns true if the user sends read receipts, and so receives them. */
function sendsReceipts({ data: { settings } }: AppSocket): boolean {
  return settings.sendsReceipts && !settings.appearsOffline;
}
