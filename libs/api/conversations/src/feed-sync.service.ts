import {
  type Actor,
  DomainError,
  type FeedPage,
  FeedHub,
  conversationFeed,
  limits,
  personalFeed,
} from '@cloudhop/api/core';
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
import { changeBytes, firstWithin, messageBytes } from './answer-bytes';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { ConversationsService, changesFor } from './conversations.service';
import { PersonalRepository } from './personal.repository';
import { floorOf, toConversation, toUsers } from './rows';

/** Rows that one sync answers, all conversations together; the rest is `more`, as is what goes beyond limits.syncBytes. */
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

  /** Stops with unavailable once `isGone` says that nobody waits for the answer any more. */
  async sync(
    actor: Actor,
    { epoch, personal, conversations }: RequestPayload<'feed:sync'>,
    isGone: () => boolean = () => false,
  ): Promise<SyncReply> {
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
    maxBytes: number,
    users: Map<string, User>,
  ): Promise<ConversationSync> {
    if (row === undefined) return { conversationId, gone: 'erased' };
    if (row.state === 'banned') return { conversationId, gone: 'banned' };
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
    const page = rev === undefined ? undefined : await this.#changes(conversationId, rev);
    if (page === undefined || page.isReset) {
      return { conversationId, reset: await this.conversations.snapshot(actor, conversationId) };
    }
    for (const user of page.users) users.set(user.id, user);
    const told = changesWithin(page.changes as ConversationChange[], maxBytes);
    const isCut = told.length < page.changes.length;
    const changes = changesFor(row, told);
    const reacted = changes.flatMap((change) =>
      'message' in change && change.message.reactions.length > 0 ? [change.message.seq] : [],
    );
    return {
      conversationId,
      rev: isCut ? told.at(-1)!.rev : page.toRev,
      seq: page.head.seq,
      floorSeq: Math.max(page.head.floorSeq, floorOf(row)),
      changes,
      mine: await this.repository.ownReactions(conversationId, actor.userId, reacted),
      more: isCut || page.hasMore,
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

/** Returns the first changes that fit; a page ends at a rev, so those that share one stay together. */
function changesWithin(changes: readonly ConversationChange[], maxBytes: number): readonly ConversationChange[] {
  const told = firstWithin(changes, changeBytes, maxBytes);
  const last = told.at(-1)?.rev;
  const end = changes.findLastIndex(({ rev }) => rev === last) + 1;
  return changes.slice(0, end);
}

function bytesOf(answer: ConversationSync): number {
  if ('changes' in answer) return answer.changes.reduce((bytes, change) => bytes + changeBytes(change), 0);
  const messages = 'reset' in answer ? (answer.reset.messages ?? []) : [];
  return messages.reduce((bytes, message) => bytes + messageBytes(message), 0);
}
