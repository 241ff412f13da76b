import { ConversationsService, MembershipPublisher, accepted } from '@cloudhop/api/conversations';
import { type Actor, DomainError } from '@cloudhop/api/platform';
import type { Conversation } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type NewRoom, type RoomChange, RoomSettingsRepository, type SlugChoice } from './room-settings.repository';

/** Creation and settings of rooms: decided and written under the conversation's lock, and published in its feed. */
@Injectable()
export class RoomSettingsService {
  constructor(
    private readonly repository: RoomSettingsRepository,
    private readonly publisher: MembershipPublisher,
    private readonly conversations: ConversationsService,
  ) {}

  /**
   * Creates a room under the first of the slugs that is free. isChosen: the actor chose the first slug. Idempotent. Throws
   * members_only, limit_reached, slug_taken, id_taken.
   */
  async create(
    actor: Actor,
    room: NewRoom,
    slugs: readonly SlugChoice[],
    isChosen: boolean,
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = accepted(await this.repository.create(actor.userId, room, slugs, isChosen));
    await this.publisher.publish(room.id, rows);
    const conversation = await this.conversations.get(actor, room.id);
    return { conversation, isNew: rows.some(({ is_written }) => is_written) };
  }

  /** Changes settings. The first of the slugs is the one that the actor wants. Throws not_found, forbidden, slug_taken. */
  async change(
    actor: Actor,
    conversationId: string,
    change: RoomChange,
    slugs: readonly SlugChoice[] = [],
  ): Promise<Conversation> {
    const { code, rev } = await this.repository.change(conversationId, actor.userId, change, slugs);
    if (code !== null) throw new DomainError(code);
    return this.conversations.publishSettings(actor, conversationId, rev);
  }
}
