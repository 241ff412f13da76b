import {
  type Actor,
  Database,
  DomainError,
  type FeedPage,
  FeedHub,
  conversationFeed,
  personalFeed,
} from '@cloudhop/api/core';
import type {
  ConversationChange,
  ConversationSync,
  PersonalChange,
  RequestPayload,
  SyncReply,
  User,
} from '@cloudhop/contracts';
import { toUser } from '@cloudhop/api/auth';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { toConversation } from './rows';

/** Rows that one sync answers, all conversations together; the rest is `more`. */
const replyRows = 500;
/** What a fresh snapshot of a conversation counts for. */
const resetRows = 50;

/** Catching up. Cost is bounded by what changed, and by a reset beyond that. */
@Injectable()
export class FeedSync {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
  ) {}

  async sync(actor: Actor, { epoch, personal, conversations }: RequestPayload<'feed:sync'>): Promise<SyncReply> {
    const ours = this.database.epoch;
    // Cursors of another timeline mean nothing: everything is answered anew.
    const isForeign = epoch !== undefined && epoch !== ours;
    const users = new Map<string, User>();
    const reply: SyncReply = {
      epoch: ours,
      serverTime: new Date().toISOString(),
      personal: await this.#personal(actor, isForeign ? undefined : personal),
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
    let budget = replyRows;
    for (const { conversationId, rev } of conversations) {
      const answer = await this.#conversation(
        actor,
        conversationId,
        isForeign ? undefined : rev,
        rows.get(conversationId),
        budget > 0,
        users,
      );
      budget -= 'reset' in answer ? resetRows : 'changes' in answer ? answer.changes.length : 0;
      reply.conversations.push(answer);
    }
    reply.users = [...users.values()];
    return reply;
  }

  async #personal(actor: Actor, rev: number | undefined): Promise<SyncReply['personal']> {
    const page =
      rev === undefined
        ? undefined
        : (this.feeds.recentChanges(personalFeed(actor.userId), rev) ??
          (await this.repository.personalChangesAfter(actor.userId, rev)));
    if (page !== undefined && !page.isReset) {
      return { rev: page.toRev, changes: page.changes as PersonalChange[], more: page.hasMore };
    }
    const row = await this.repository.personal(actor.userId);
    if (row === undefined) throw new DomainError('session_ended');
    const conversations = row.conversations.map(toConversation);
    const lobby = row.conversations.find(({ kind }) => kind === 'lobby');
    return {
      reset: {
        rev: row.rev,
        user: toUser(row.user),
        lobbyId: lobby?.id ?? (await this.repository.lobbyId()),
        conversations,
      },
    };
  }

  async #conversation(
    actor: Actor,
    conversationId: string,
    rev: number | undefined,
    row: ReadableRow | undefined,
    hasBudget: boolean,
    users: Map<string, User>,
  ): Promise<ConversationSync> {
    if (row === undefined) return { conversationId, gone: 'erased' };
    if (row.state === 'banned') return { conversationId, gone: 'banned' };
    if (row.kind !== 'lobby' && row.state !== 'joined') return { conversationId, gone: 'left' };
    if (!hasBudget) {
      const { seq, floor_seq: floorSeq } = row;
      return { conversationId, rev: rev ?? 0, seq, floorSeq, changes: [], mine: [], more: rev !== row.rev };
    }
    const page = rev === undefined ? undefined : await this.#changes(conversationId, rev);
    if (page === undefined || page.isReset) {
      return { conversationId, reset: await this.conversations.snapshot(actor, conversationId) };
    }
    for (const user of page.users) users.set(user.id, user);
    const changes = page.changes as ConversationChange[];
    const reacted = changes.flatMap((change) =>
      'message' in change && change.message.reactions.length > 0 ? [change.message.seq] : [],
    );
    return {
      conversationId,
      rev: page.toRev,
      seq: page.head.seq,
      floorSeq: page.head.floorSeq,
      changes,
      mine: await this.repository.ownReactions(conversationId, actor.userId, reacted),
      more: page.hasMore,
    };
  }

  /** From this node's memory where it reaches back far enough, else from Postgres. */
  async #changes(conversationId: string, rev: number): Promise<FeedPage | undefined> {
    return (
      this.feeds.recentChanges(conversationFeed(conversationId), rev) ??
      this.repository.changesAfter(conversationId, rev)
    );
  }
}
