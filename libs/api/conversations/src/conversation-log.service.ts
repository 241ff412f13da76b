import { userRow } from '@cloudhop/api/auth';
import { boundedTime } from '@cloudhop/api/database';
import {
  type Actor,
  DomainError,
  Draining,
  Metrics,
  eventLog,
  isolate,
  type RowRenderer,
  renderRow,
} from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import {
  type ConversationChange,
  type ExpiredMessage,
  type LinkPreview,
  type Message,
  type RequestPayload,
  type User,
  mentionKeys,
} from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CommitQueue } from './commit-queue';
import { LogRepository, type LogOperation, type LogVerdict } from './log.repository';
import { MinuteCounter } from './minute-counter';
import { messageChange, toMessageOrTombstone, toQuote } from './rows';

const log = eventLog('log');

/** Result of a send: the message as it is now, and whether this call stored it. */
export interface SendResult {
  message: Message | ExpiredMessage;
  isNew: boolean;
}

/** Changes of one batch in one conversation. */
interface BatchFrame {
  /** Revs of all stored changes, including those that can't be rendered. */
  revs: number[];
  changes: ConversationChange[];
  users: Map<string, User>;
}

/** The only writer of conversations. The commit decides who may write; nothing is emitted before it. */
@Injectable()
export class ConversationLogService implements OnModuleInit {
  readonly #queue: CommitQueue;
  readonly #stored = new MinuteCounter();
  readonly #listeners: ((conversationIds: Iterable<string>) => void)[] = [];

  constructor(
    private readonly repository: LogRepository,
    private readonly feeds: FeedHub,
    private readonly metrics: Metrics,
    private readonly draining: Draining,
  ) {
    this.#queue = new CommitQueue((operations, wait) => this.#commit(operations, wait));
  }

  onModuleInit(): void {
    this.draining.onDrain(() => this.#queue.whenIdle());
  }

  /**
   * Appends a message. Idempotent by id: a known id of the same author returns the original; another author's throws
   * `id_taken`.
   */
  async append(actor: Actor, send: RequestPayload<'message:send'>): Promise<SendResult> {
    const { conversationId, id } = send;
    const mentions = mentionKeys(send.body);
    const operation = { kind: 'send', userId: actor.userId, ...send, mentions } as const;
    const verdict = await this.#queue.submit(operation);
    this.metrics.sends.inc({ verdict: verdict.outcome });
    switch (verdict.outcome) {
      case 'stored':
        this.#stored.add();
        return { message: appended(operation, verdict), isNew: true };
      case 'expired':
        return { message: { id, seq: verdict.seq!, expired: true }, isNew: false };
      default:
        return { message: this.#existing(conversationId, verdict), isNew: false };
    }
  }

  async edit(actor: Actor, { conversationId, id, body, editId }: RequestPayload<'message:edit'>): Promise<Message> {
    const { userId } = actor;
    const mentions = mentionKeys(body);
    const verdict = await this.#queue.submit({ kind: 'edit', conversationId, userId, id, body, editId, mentions });
    return this.#existing(conversationId, verdict);
  }

  async delete(actor: Actor, { conversationId, id }: RequestPayload<'message:delete'>): Promise<Message> {
    const verdict = await this.#queue.submit({ kind: 'delete', conversationId, userId: actor.userId, id });
    return this.#existing(conversationId, verdict);
  }

  async react(actor: Actor, { conversationId, id, emoji, on }: RequestPayload<'message:react'>): Promise<Message> {
    const verdict = await this.#queue.submit({ kind: 'react', conversationId, userId: actor.userId, id, emoji, on });
    return this.#existing(conversationId, verdict);
  }

  async pin(actor: Actor, { conversationId, id, on }: RequestPayload<'message:pin'>): Promise<Message> {
    const verdict = await this.#queue.submit({ kind: 'pin', conversationId, userId: actor.userId, id, on });
    return this.#existing(conversationId, verdict);
  }

  /** Adds a link preview to a message, if its text still has this hash (SHA-256, hex). */
  async addPreview(
    { conversationId, id, authorId: userId }: Pick<Message, 'conversationId' | 'id' | 'authorId'>,
    said: string,
    preview: LinkPreview,
  ): Promise<void> {
    await this.#queue.submit({ kind: 'preview', conversationId, userId, id, body: said, preview });
  }

  /** Number of messages that this node has stored within the last minute. */
  get messagesPerMinute(): number {
    return this.#stored.count;
  }

  /** Calls `listener` with the conversations in which something was written, after each commit of this node. */
  onCommitted(listener: (conversationIds: Iterable<string>) => void): void {
    this.#listeners.push(listener);
  }

  /** Returns the message of a verdict. Throws the refusal. */
  #existing(conversationId: string, verdict: LogVerdict): Message {
    if (verdict.outcome === 'refused' || verdict.message === null) {
      throw new DomainError(verdict.code ?? 'internal', {
        ...(verdict.retryAfterMs !== null && { retryAfterMs: verdict.retryAfterMs }),
      });
    }
    const message = toMessageOrTombstone(verdict.message);
    // A retry can find a message that this node has not seen: the node that committed it may have died before
    // publishing.
    if (verdict.outcome === 'exists') this.feeds.noticeHead(conversationFeed(conversationId), message.rev);
    return message;
  }

  async #commit(operations: readonly LogOperation[], wait: boolean): Promise<readonly LogVerdict[]> {
    const verdicts = await this.repository.commit(operations, wait);
    // Runs after the acknowledgements, which wait for this promise only, so that senders are first.
    setImmediate(() => isolate(log, 'log.tell_failed', () => this.#publish(operations, verdicts)));
    return verdicts;
  }

  /** Publishes one frame per conversation. The commit locked the head, so the revs of the batch have no hole. */
  #publish(operations: readonly LogOperation[], verdicts: readonly LogVerdict[]): void {
    const frames = new Map<string, BatchFrame>();
    for (const verdict of verdicts) {
      if (verdict.outcome !== 'stored') continue;
      const operation = operations[verdict.index]!;
      const frame: BatchFrame = frames.get(operation.conversationId) ?? { revs: [], changes: [], users: new Map() };
      frames.set(operation.conversationId, frame);
      frame.revs.push(verdict.rev!);
      const change = renderRow(storedChange, { operation, verdict });
      if (change) frame.changes.push(change);
      for (const row of [verdict.author, verdict.quoted]) {
        const user = row === null ? undefined : renderRow(userRow, row);
        if (user) frame.users.set(user.id, user);
      }
    }
    for (const [conversationId, { revs, changes, users }] of frames) {
      changes.sort((a, b) => a.rev - b.rev);
      this.feeds.publish({
        feed: conversationFeed(conversationId),
        fromRev: Math.min(...revs) - 1,
        toRev: Math.max(...revs),
        changes,
        users: [...users.values()],
      });
    }
    for (const listener of this.#listeners) isolate(log, 'log.listener_failed', () => listener(frames.keys()));
  }
}

const storedChange: RowRenderer<{ operation: LogOperation; verdict: LogVerdict }, ConversationChange> = {
  kind: 'verdict',
  keyOf: ({ operation, verdict }) => `${operation.conversationId} ${verdict.rev}`,
  render: ({ operation, verdict }) => toChange(operation, verdict),
};

function appended(operation: LogOperation, verdict: LogVerdict): Message {
  return {
    conversationId: operation.conversationId,
    id: operation.id,
    seq: verdict.seq!,
    rev: verdict.rev!,
    authorId: operation.userId,
    body: operation.body!,
    createdAt: boundedTime(verdict.at!),
    ...(operation.replyTo !== undefined && { replyTo: operation.replyTo }),
    ...(verdict.quote !== null && { quote: toQuote(verdict.quote) }),
    ...(operation.isForwarded && { isForwarded: true as const }),
    reactions: [],
    attachments: [],
  };
}

function toChange(operation: LogOperation, verdict: LogVerdict): ConversationChange {
  const rev = verdict.rev!;
  switch (operation.kind) {
    case 'send':
      return { kind: 'message', rev, message: appended(operation, verdict) };
    case 'edit':
    case 'pin':
    case 'preview':
    case 'delete':
      return messageChange(rev, verdict.message!);
    case 'react':
      return {
        kind: 'reaction',
        rev,
        seq: verdict.seq!,
        emoji: operation.emoji!,
        count: verdict.count!,
        userId: operation.userId,
        on: operation.on!,
      };
  }
}
