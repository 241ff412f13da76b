import { type Actor, Database, DomainError, FeedHub, conversationFeed, limits } from '@cloudhop/api/core';
import { type Conversation, type ErrorCode, type GuestAccess, type Visibility, roomNameKey } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { requireReader } from './conversations.service';
import { MembershipNews, type ToldMember, accepted } from './membership-news.service';
import { toConversation, toSettings } from './rows';

/** An address that a room may get, and what it looks like (UTS #39). */
export interface SlugChoice {
  slug: string;
  skeleton: string;
}

export interface NewRoom {
  id: string;
  name: string;
  visibility: Visibility;
  topic?: string | undefined;
  guests: GuestAccess;
  isAnnouncement: boolean;
}

/** What of a room is to be otherwise; what is absent stays, and null is none. */
export interface RoomChange {
  name?: string | undefined;
  topic?: string | null | undefined;
  visibility?: Visibility | undefined;
  guests?: GuestAccess | undefined;
  isAnnouncement?: boolean | undefined;
  slowModeMs?: number | undefined;
  retentionMs?: number | null | undefined;
  isArchived?: boolean | undefined;
}

/** Rooms and their settings: decided and written under the conversation's lock, and told to whoever follows. */
@Injectable()
export class RoomSettings {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(MembershipNews) private readonly news: MembershipNews,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
  ) {}

  /**
   * Makes a room under the first of the slugs that is free; one that was chosen is the first alone. Throws members_only,
   * limit_reached, slug_taken, id_taken. A repeat answers what stands.
   */
  async create(
    actor: Actor,
    { id, name, ...room }: NewRoom,
    slugs: readonly SlugChoice[],
    isChosen: boolean,
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const row = { title: name, nameKey: roomNameKey(name), ...room };
    const rows = accepted(
      await this.database.retrying(() =>
        this.database.query<ToldMember>('select * from room_create_v1($1, $2, $3, $4, $5, $6, $7, $8)', [
          actor.userId,
          id,
          JSON.stringify(row),
          slugs.map(({ slug }) => slug),
          slugs.map(({ skeleton }) => skeleton),
          isChosen,
          limits.guestRoomsPerDay,
          limits.memberRoomsPerDay,
        ]),
      ),
    );
    await this.news.tell(id, rows);
    return { conversation: await this.#read(actor, id), isNew: rows.some(({ is_written }) => is_written) };
  }

  /** Throws not_found, forbidden, slug_taken. The first of the slugs is the one that is wanted. */
  async change(
    actor: Actor,
    conversationId: string,
    { name, ...change }: RoomChange,
    slugs: readonly SlugChoice[] = [],
  ): Promise<Conversation> {
    const named = { ...change, ...(name !== undefined && { title: name, nameKey: roomNameKey(name) }) };
    const [row] = await this.database.retrying(() =>
      this.database.query<{ code: ErrorCode | null; rev: number | null }>(
        'select * from room_settings_v1($1, $2, $3, $4, $5)',
        [
          conversationId,
          actor.userId,
          JSON.stringify({ ...named, ...(slugs.length > 0 && { slug: slugs[0]!.slug }) }),
          slugs.map(({ slug }) => slug),
          slugs.map(({ skeleton }) => skeleton),
        ],
      ),
    );
    const { code, rev } = row!;
    if (code !== null) throw new DomainError(code);
    const read = requireReader(await this.conversations.find(conversationId, actor.userId));
    if (rev !== null)
      this.feeds.committed({
        feed: conversationFeed(conversationId),
        fromRev: rev - 1,
        toRev: rev,
        changes: [{ kind: 'settings', rev, settings: toSettings(read) }],
        users: [],
      });
    return toConversation(read);
  }

  async #read(actor: Actor, conversationId: string): Promise<Conversation> {
    return toConversation(requireReader(await this.conversations.find(conversationId, actor.userId)));
  }
}
