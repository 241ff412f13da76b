import { type Actor, DomainError } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import type { Conversation } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { requireReader } from './conversations.service';
import { MembershipPublisher, accepted } from './membership-publisher.service';
import { type NewRoom, type RoomChange, RoomSettingsRepository, type SlugChoice } from './room-settings.repository';
import { toConversation, toSettings } from './rows';

/** Rooms and their settings: decided and written under the conversation's lock, and told to whoever follows. */
@Injectable()
export class RoomSettings {
  constructor(
    @Inject(RoomSettingsRepository) private readonly repository: RoomSettingsRepository,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(MembershipPublisher) private readonly publisher: MembershipPublisher,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
  ) {}

  /**
   * Makes a room under the first of the slugs that is free; one that was chosen is the first alone. Throws members_only,
   * limit_reached, slug_taken, id_taken. A repeat answers what stands.
   */
  async create(
    actor: Actor,
    room: NewRoom,
    slugs: readonly SlugChoice[],
    isChosen: boolean,
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = accepted(await this.repository.create(actor.userId, room, slugs, isChosen));
    await this.publisher.publish(room.id, rows);
    return { conversation: await this.#read(actor, room.id), isNew: rows.some(({ is_written }) => is_written) };
  }

  /** Throws not_found, forbidden, slug_taken. The first of the slugs is the one that is wanted. */
  async change(
    actor: Actor,
    conversationId: string,
    change: RoomChange,
    slugs: readonly SlugChoice[] = [],
  ): Promise<Conversation> {
    const { code, rev } = await this.repository.change(conversationId, actor.userId, change, slugs);
    if (code !== null) throw new DomainError(code);
    const read = requireReader(await this.conversations.find(conversationId, actor.userId));
    if (rev !== null)
      this.feeds.publish({
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
