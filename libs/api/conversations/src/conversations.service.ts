import { UsersService, toUsers } from '@cloudhop/api/auth';
import { type Actor, type AppSocket, DomainError } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import {
  type Conversation,
  type ConversationChange,
  type HistoryReply,
  Id,
  type Member,
  type Message,
  type MessagePage,
  type OpenReply,
  type RequestPayload,
  type User,
  authorsOf,
  limits as wire,
} from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ConversationsRepository, type PageRange, type PageRow, type ReadableRow } from './conversations.repository';
import { ConversationFeedSource } from './conversation-feed.source';
import { toMembers } from './membership-rows';
import { aboveFloor, floorOf, toConversation, toConversations, toMessages, toSettings } from './rows';

/** Returns the row. Throws banned, or not_found: to users without access, the conversation does not exist. */
export function requireReader<R extends ReadableRow>(row: R | undefined): R {
  if (row === undefined) throw new DomainError('not_found');
  if (row.state === 'banned') throw new DomainError('banned');
  if (row.kind !== 'lobby' && row.state !== 'joined') throw new DomainError('not_found');
  return row;
}

/** Watcher of conversations that a socket opens, which its user may read, and closes. */
export interface OpenWatcher {
  opened(socket: AppSocket, conversation: Conversation): void;
  closed(socket: AppSocket, conversationId: string): void;
}

interface LatestPage {
  rev: number;
  page: { messages: Message[]; hasBefore: boolean };
  authorIds: string[];
  reactedSeqs: number[];
}

function latestPage(rev: number, page: LatestPage['page']): LatestPage {
  const reactedSeqs = page.messages.flatMap(({ seq, reactions }) => (reactions.length > 0 ? [seq] : []));
  return { rev, page, authorIds: [...new Set(page.messages.flatMap(authorsOf))], reactedSeqs };
}

/** Reads of conversations: open, snapshot, history and lists. */
@Injectable()
export class ConversationsService {
  /** Cached latest page of the lobby, without the parts that differ per reader. */
  readonly #latest = new Map<string, LatestPage>();

  readonly #watchers: OpenWatcher[] = [];

  constructor(
    private readonly repository: ConversationsRepository,
    private readonly feeds: FeedHub,
    private readonly source: ConversationFeedSource,
    private readonly users: UsersService,
  ) {}

  /** Creates the lobby unless it exists, and sets its retention. Returns its id. */
  ensureLobby(retentionMs: number): Promise<string> {
    return this.repository.ensureLobby(uuidv7(), retentionMs);
  }

  /** Registers a watcher of opened conversations. */
  watchOpen(watcher: OpenWatcher): void {
    this.#watchers.push(watcher);
  }

  /** Returns a conversation as the actor sees it. Throws not_found, banned. */
  async get(actor: Actor, conversationId: string): Promise<Conversation> {
    return toConversation(requireReader(await this.repository.find(conversationId, actor.userId)));
  }

  /** Returns the members and invited users, by the time at which they came. The caller checks the right to read. */
  async members(conversationId: string): Promise<Member[]> {
    return toMembers(await this.repository.members(conversationId));
  }

  /**
   * Publishes settings that a function of the database has written at `rev`, null if nothing changed. Returns the
   * conversation as the actor sees it.
   */
  async publishSettings(actor: Actor, conversationId: string, rev: number | null): Promise<Conversation> {
    const row = requireReader(await this.repository.find(conversationId, actor.userId));
    if (rev !== null)
      this.feeds.publish({
        feed: conversationFeed(conversationId),
        fromRev: rev - 1,
        toRev: rev,
        changes: [{ kind: 'settings', rev, settings: toSettings(row) }],
        users: [],
      });
    return toConversation(row);
  }

  /**
   * Opens a conversation: subscribes, reads, then activates, so that a user who loses the right to read meanwhile
   * receives nothing.
   */
  async open(
    actor: Actor,
    { conversationId, rev }: RequestPayload<'conversation:open'>,
    socket: AppSocket,
  ): Promise<OpenReply> {
    const feed = conversationFeed(conversationId);
    const wasActive = this.feeds.isActive(socket, feed);
    // A subscription reads the head if nobody else here has one: users without the right to read must not cause that.
    if (!wasActive) requireReader(await this.repository.find(conversationId, actor.userId));
    await this.feeds.subscribe(socket, feed);
    try {
      const changes = rev === undefined ? undefined : await this.#changesSince(actor, conversationId, rev);
      const reply = changes ? await this.#withMembers(actor, changes) : await this.snapshot(actor, conversationId);
      if (this.feeds.activate(socket, feed) && !wasActive)
        this.source.sendHead(socket, conversationId, reply.conversation.rev);
      for (const watcher of this.#watchers) watcher.opened(socket, reply.conversation);
      return reply;
    } catch (error) {
      this.feeds.unsubscribe(socket, feed);
      throw error;
    }
  }

  /** Adds the members of a group, and the read marks of those who exchange read receipts. */
  async #withMembers(actor: Actor, reply: OpenReply): Promise<OpenReply> {
    const { id, kind } = reply.conversation;
    if (kind !== 'group' && kind !== 'direct') return reply;
    const readMarks = await this.repository.readMarks(id, actor.userId);
    if (kind === 'direct') return { ...reply, ...(readMarks && { readMarks }) };
    const members = await this.members(id);
    const known = new Set(reply.users.map((user) => user.id));
    const users = await this.users.find(members.flatMap(({ userId }) => (known.has(userId) ? [] : [userId])));
    return { ...reply, members, users: [...reply.users, ...users], ...(readMarks && { readMarks }) };
  }

  close(socket: AppSocket, conversationId: string): void {
    for (const watcher of this.#watchers) watcher.closed(socket, conversationId);
    this.feeds.unsubscribe(socket, conversationFeed(conversationId));
  }

  /** Returns the conversation with its latest messages. */
  async snapshot(actor: Actor, conversationId: string): Promise<OpenReply> {
    const cached = this.#latest.get(conversationId);
    // Many readers who enter the lobby share one page, until the feed moves.
    if (cached !== undefined && this.feeds.head(conversationFeed(conversationId))?.rev === cached.rev) {
      const row = requireReader(await this.repository.find(conversationId, actor.userId));
      if (row.rev === cached.rev) {
        // A new name takes no rev, so users are read again.
        const { users, mine } = await this.repository.aroundPage(conversationId, actor.userId, cached);
        return { conversation: toConversation(row), ...cached.page, users: toUsers(users), mine };
      }
    }
    const row = requireReader(await this.repository.page(conversationId, actor.userId, { limit: wire.openPage }));
    const page = {
      messages: toMessages(row.messages).map((each) => aboveFloor(each, floorOf(row))),
      hasBefore: hasBefore(row),
    };
    if (row.kind === 'lobby') this.#latest.set(conversationId, latestPage(row.rev, page));
    const users = await this.#withPeer(row);
    return this.#withMembers(actor, { conversation: toConversation(row), ...page, users, mine: row.mine });
  }

  /** Returns the authors, and the peer of a direct conversation, who may have no messages. */
  async #withPeer(row: PageRow): Promise<User[]> {
    const users = toUsers(row.users);
    const { peerId } = toConversation(row);
    if (peerId === undefined || users.some(({ id }) => id === peerId)) return users;
    return [...users, ...(await this.users.find([peerId]))];
  }

  async history(
    actor: Actor,
    { conversationId, ...range }: { conversationId: string } & PageRange,
  ): Promise<HistoryReply> {
    const page = requireReader(await this.repository.page(conversationId, actor.userId, range));
    return {
      messages: toMessages(page.messages).map((each) => aboveFloor(each, floorOf(page))),
      users: toUsers(page.users),
      mine: page.mine,
      rev: page.rev,
      hasBefore: hasBefore(page),
      hasAfter: page.to_seq < page.seq,
    };
  }

  /** Returns a page of messages for REST. */
  async list(actor: Actor, conversationId: string, range: PageRange): Promise<MessagePage> {
    const { messages, ...page } = await this.history(actor, { conversationId, ...range });
    return {
      items: messages,
      ...page,
      ...(page.hasBefore && messages.length > 0 && { nextCursor: String(messages[0]!.seq) }),
    };
  }

  async mine(
    actor: Actor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: Conversation[]; users: User[]; nextCursor?: string }> {
    const after = cursor === undefined ? undefined : Id.safeParse(cursor);
    if (after?.success === false)
      throw new DomainError('invalid', { fields: { cursor: 'must be a cursor from a previous page' } });
    const rows = await this.repository.list(actor.userId, after?.data, limit);
    const items = toConversations(rows.slice(0, limit));
    const authorIds = items.flatMap(({ last }) => (last ? [last.authorId] : []));
    const users = authorIds.length === 0 ? [] : await this.repository.users([...new Set(authorIds)]);
    return { items, users: toUsers(users), ...(rows.length > limit && { nextCursor: rows[limit - 1]!.id }) };
  }

  /** Returns the changes since `rev`; undefined if only a snapshot helps. */
  async #changesSince(actor: Actor, conversationId: string, rev: number): Promise<OpenReply | undefined> {
    const page = await this.repository.changesAfter(conversationId, rev);
    if (page === undefined || page.isReset || page.hasMore) return undefined;
    const row = requireReader(await this.repository.find(conversationId, actor.userId));
    const changes = changesFor(row, page.changes as ConversationChange[]);
    const seqs = changes.flatMap((change) => ('message' in change ? [change.message.seq] : []));
    return {
      // The head that was read with the changes, not that of the later statement: the cursor must not skip changes.
      conversation: toConversation({ ...row, rev: page.head.rev, seq: page.head.seq, floor_seq: page.head.floorSeq }),
      changes,
      users: [...page.users],
      mine: await this.repository.ownReactions(conversationId, actor.userId, seqs),
    };
  }
}

/** Returns the changes without messages that the reader has deleted for themselves, also in quotes. */
export function changesFor(row: ReadableRow, changes: readonly ConversationChange[]): ConversationChange[] {
  const floorSeq = row.cleared_seq ?? 0;
  if (floorSeq === 0) return [...changes];
  return changes.flatMap((change) => {
    if (!('message' in change)) return change;
    return change.message.seq <= floorSeq ? [] : { ...change, message: aboveFloor(change.message, floorSeq) };
  });
}

function hasBefore(page: PageRow): boolean {
  const floorSeq = floorOf(page);
  return page.from_seq > floorSeq + 1 && page.seq > floorSeq;
}
