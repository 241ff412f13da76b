import { type Actor, DomainError, type FeedPage, FeedHub, conversationFeed, personalFeed } from '@cloudhop/api/core';
import {
  type ConversationChange,
  type ConversationSync,
  type PersonalChange,
  type RequestPayload,
  type SyncReply,
  type User,
  defaultSettings,
} from '@cloudhop/contracts';
import { toBlock, toDraft, toFriend, toMembership, toPersonalSettings, toUser } from '@cloudhop/api/auth';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { ConversationsService, changesFor } from './conversations.service';
import { PersonalRepository } from './personal.repository';
import { floorOf, toConversation, toUsers } from './rows';

/** Rows that one sync answers, all conversations together; the rest is `more`. */
const replyRows = 500;
/** What a fresh snapshot of a conversation counts for. */
const resetRows = 50;

/** Catching up. Cost is bounded by what changed, and by a reset beyond that. */
@Injectable()
export class FeedSync {
  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
    @Inject(PersonalRepository) private readonly personal: PersonalRepository,
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
  ) {}

  async sync(actor: Actor, { epoch, personal, conversations }: RequestPayload<'feed:sync'>): Promise<SyncReply> {
    const ours = this.feeds.epoch;
    // Cursors of another timeline mean nothing: everything is answered anew.
    const isForeign = epoch !== undefined && epoch !== ours;
    const users = new Map<string, User>();
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

  async #personal(actor: Actor, rev: number | undefined, users: Map<string, User>): Promise<SyncReply['personal']> {
    const page =
      rev === undefined
        ? undefined
        : (this.feeds.recentChanges(personalFeed(actor.userId), rev) ??
          (await this.personal.changesAfter(actor.userId, rev)));
    if (page !== undefined && !page.isReset) {
      for (const user of page.users) users.set(user.id, user);
      return { rev: page.toRev, changes: page.changes as PersonalChange[], more: page.hasMore };
    }
    const row = await this.personal.find(actor.userId);
    if (row === undefined) throw new DomainError('session_ended');
    for (const user of toUsers(row.users)) users.set(user.id, user);
    const conversations = row.conversations.map(toConversation);
    const lobby = row.conversations.find(({ kind }) => kind === 'lobby');
    return {
      reset: {
        rev: row.rev,
        user: toUser(row.user),
        lobbyId: lobby?.id ?? (await this.repository.lobbyId()),
        conversations,
        friends: row.friends.map(toFriend),
        blocks: row.blocks.map(toBlock),
        drafts: row.drafts.map(toDraft),
        invitations: row.invitations.map(toMembership),
        settings: row.settings ? toPersonalSettings(row.settings) : defaultSettings,
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
    if (row?.state === 'banned') return { conversationId, gone: 'banned' };
    // Only former members learn that the conversation still exists.
    if (row === undefined || (row.kind !== 'lobby' && row.state === null)) return { conversationId, gone: 'erased' };
    if (row.kind !== 'lobby' && row.state !== 'joined') return { conversationId, gone: 'left' };
    if (rev === row.rev || !hasBudget) {
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
    const page = rev === undefined ? undefined : await this.#changes(conversationId, rev);
    if (page === undefined || page.isReset) {
      return { conversationId, reset: await this.conversations.snapshot(actor, conversationId) };
    }
    for (const user of page.users) users.set(user.id, user);
    const changes = changesFor(row, page.changes as ConversationChange[]);
    const reacted = changes.flatMap((change) =>
      'message' in change && change.message.reactions.length > 0 ? [change.message.seq] : [],
    );
    return {
      conversationId,
      rev: page.toRev,
      seq: page.head.seq,
      floorSeq: Math.max(page.head.floorSeq, floorOf(row)),
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
