import { type Actor, DomainError, limits } from '@cloudhop/api/platform';
import { type FeedPage, FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import type {
  ConversationChange,
  ConversationSync,
  PersonalChange,
  RequestPayload,
  SyncReply,
  User,
} from '@cloudhop/contracts';
import { UsersService } from '@cloudhop/api/auth';
import { PersonalFeedRepository } from '@cloudhop/api/personal-feed';
import { Injectable } from '@nestjs/common';
import { changeBytes, firstWithin, messageBytes } from './answer-bytes';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { ConversationsService, changesFor } from './conversations.service';
import { floorOf } from './rows';

/**
 * Maximum rows of one reply, over all conversations. The rest is left to the next sync (`more`), as are rows beyond
 * limits.syncBytes.
 */
const replyRows = 500;
/** Rows that a snapshot of a conversation counts as. */
const resetRows = 50;

/** Sync of feeds. Its cost is bounded by the number of changes, and by a snapshot beyond that. */
@Injectable()
export class FeedSyncService {
  constructor(
    private readonly feeds: FeedHub,
    private readonly repository: ConversationsRepository,
    private readonly personal: PersonalFeedRepository,
    private readonly conversations: ConversationsService,
    private readonly users: UsersService,
  ) {}

  /**
   * Returns the changes since the cursors of a client. Throws unavailable once `isGone` returns true: nobody waits any
   * more.
   */
  async sync(
    actor: Actor,
    { epoch, personal, conversations }: RequestPayload<'feed:sync'>,
    isGone: () => boolean = () => false,
  ): Promise<SyncReply> {
    const ours = this.feeds.epoch;
    // Cursors of another timeline are invalid: everything is sent anew.
    const isForeign = epoch !== undefined && epoch !== ours;
    const users = new SyncUsers();
    const reply: SyncReply = {
      epoch: ours,
      serverTime: new Date().toISOString(),
      personal: await this.#personal(actor, isForeign ? undefined : personal, users),
      conversations: [],
      users: [],
    };
    const rows = new Map(
      (
        await this.repository.findMany(
          conversations.map(({ conversationId }) => conversationId),
          actor.userId,
        )
      ).map((row) => [row.id, row]),
    );
    let rowsLeft = replyRows;
    let bytesLeft = limits.syncBytes;
    for (const { conversationId, rev } of conversations) {
      if (isGone()) throw new DomainError('unavailable');
      const answer = await this.#conversation(
        actor,
        conversationId,
        isForeign ? undefined : rev,
        rows.get(conversationId),
        rowsLeft > 0 ? bytesLeft : 0,
        users,
      );
      rowsLeft -= 'reset' in answer ? resetRows : 'changes' in answer ? answer.changes.length : 0;
      bytesLeft -= bytesOf(answer);
      reply.conversations.push(answer);
    }
    for (const user of await this.users.find(users.unread())) users.add(user);
    reply.users = users.all();
    return reply;
  }

  async #personal(actor: Actor, rev: number | undefined, users: SyncUsers): Promise<SyncReply['personal']> {
    const changed = rev === undefined ? undefined : await this.personal.changesAfter(actor.userId, rev);
    if (changed !== undefined && !changed.isReset) {
      for (const user of changed.users) users.add(user);
      return { rev: changed.toRev, changes: changed.changes as PersonalChange[], more: changed.hasMore };
    }
    const page = await this.personal.snapshot(actor.userId);
    if (page === undefined) throw new DomainError('session_ended');
    for (const id of page.userIds) users.addLater(id);
    const { rev: reached, snapshot } = page;
    const lobby = snapshot.conversations.find(({ kind }) => kind === 'lobby');
    return { reset: { rev: reached, ...snapshot, lobbyId: lobby?.id ?? (await this.repository.lobbyId()) } };
  }

  async #conversation(
    actor: Actor,
    conversationId: string,
    rev: number | undefined,
    row: ReadableRow | undefined,
    maxBytes: number,
    users: SyncUsers,
  ): Promise<ConversationSync> {
    if (row?.state === 'banned') return { conversationId, gone: 'banned' };
    // Only former members learn that the conversation exists.
    if (row === undefined || (row.kind !== 'lobby' && row.state === null)) return { conversationId, gone: 'erased' };
    if (row.kind !== 'lobby' && row.state !== 'joined') return { conversationId, gone: 'left' };
    if (rev === row.rev || maxBytes <= 0) {
      return {
        conversationId,
        rev: rev ?? 0,
        seq: row.seq,
        floorSeq: floorOf(row),
        changes: [],
        mine: [],
        more: rev !== row.rev,
      };
    }
    const page = rev === undefined ? undefined : await this.#changes(row, rev, users);
    if (page === undefined || page.isReset) {
      return { conversationId, reset: await this.conversations.snapshot(actor, conversationId) };
    }
    const fitting = changesWithin(page.changes as ConversationChange[], maxBytes);
    const isCut = fitting.length < page.changes.length;
    const changes = changesFor(row, fitting);
    const reacted = changes.flatMap((change) =>
      'message' in change && change.message.reactions.length > 0 ? [change.message.seq] : [],
    );
    return {
      conversationId,
      rev: isCut ? fitting.at(-1)!.rev : page.toRev,
      seq: page.head.seq,
      floorSeq: Math.max(page.head.floorSeq, floorOf(row)),
      changes,
      mine: await this.repository.ownReactions(conversationId, actor.userId, reacted),
      more: isCut || page.hasMore,
    };
  }

  /** Returns the changes after `rev`: from memory if it reaches from there to the head of `row`, else from Postgres. */
  async #changes(row: ReadableRow, rev: number, users: SyncUsers): Promise<FeedPage | undefined> {
    const recent = this.feeds.recentChanges(conversationFeed(row.id), rev, row.rev);
    if (recent !== undefined) {
      // A new name takes no rev of a conversation, so memory may hold a former one.
      for (const { id } of recent.users) users.addLater(id);
      return recent;
    }
    const page = await this.repository.changesAfter(row.id, rev);
    for (const user of page?.users ?? []) users.add(user);
    return page;
  }
}

/** Users of one answer: those that were read, and the ids of those that must still be read. */
class SyncUsers {
  readonly #known = new Map<string, User>();
  readonly #wanted = new Set<string>();

  add(user: User): void {
    this.#known.set(user.id, user);
  }

  addLater(userId: string): void {
    this.#wanted.add(userId);
  }

  unread(): string[] {
    return [...this.#wanted].filter((id) => !this.#known.has(id));
  }

  all(): User[] {
    return [...this.#known.values()];
  }
}

/**
 * Returns the first changes that fit into `maxBytes`. Changes of one rev stay together, because a page ends at a rev.
 */
function changesWithin(changes: readonly ConversationChange[], maxBytes: number): readonly ConversationChange[] {
  const fitting = firstWithin(changes, changeBytes, maxBytes);
  const last = fitting.at(-1)?.rev;
  const end = changes.findLastIndex(({ rev }) => rev === last) + 1;
  return changes.slice(0, end);
}

function bytesOf(answer: ConversationSync): number {
  if ('changes' in answer) return answer.changes.reduce((bytes, change) => bytes + changeBytes(change), 0);
  const messages = 'reset' in answer ? (answer.reset.messages ?? []) : [];
  return messages.reduce((bytes, message) => bytes + messageBytes(message), 0);
}
