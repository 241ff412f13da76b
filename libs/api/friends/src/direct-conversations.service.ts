import { UsersService } from '@cloudhop/api/auth';
import { ConversationsService } from '@cloudhop/api/conversations';
import { PersonalFeedPublisher } from '@cloudhop/api/personal-feed';
import type { Actor } from '@cloudhop/api/platform';
import type { Conversation } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { FriendsRepository } from './friends.repository';
import { publishRelation } from './publish-relation';

/** Direct conversations: one for each pair of users, and one of each user alone for saved messages. */
@Injectable()
export class DirectConversationsService {
  constructor(
    private readonly repository: FriendsRepository,
    private readonly conversations: ConversationsService,
    private readonly personalFeeds: PersonalFeedPublisher,
    private readonly users: UsersService,
  ) {}

  /** Returns the direct conversation of the two, and creates it if needed. Throws not_found, not_accepting, person_gone. */
  async open(actor: Actor, otherId: string): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = await this.repository.openDirect(actor.userId, otherId, uuidv7());
    await publishRelation(this.personalFeeds, this.users, rows, [actor.userId, otherId]);
    const { id, is_new: isNew } = rows.find(({ kind }) => kind === 'opened')!.data as { id: string; is_new: boolean };
    return { conversation: await this.conversations.get(actor, id), isNew };
  }
}
