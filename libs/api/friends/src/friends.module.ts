import { BlockedUsers, ConversationsModule } from '@cloudhop/api/conversations';
import { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { BlocksService } from './blocks.service';
import { ConnectedPeers } from './connected-peers.service';
import { DirectConversationsService } from './direct-conversations.service';
import { FriendsController } from './friends.controller';
import { FriendsGateway } from './friends.gateway';
import { registerFriendKinds } from './friends-personal-kinds';
import { FriendsPresenceService } from './friends-presence.service';
import { FriendsRepository } from './friends.repository';
import { FriendsService } from './friends.service';
import { LastSeenRepository } from './last-seen.repository';
import { LastSeenService } from './last-seen.service';
import { PersonalSettingsService } from './personal-settings.service';

/** Relations between users. Global, because conversations asks it through BlockedUsers. */
@Global()
@Module({
  imports: [ConversationsModule],
  controllers: [FriendsController],
  providers: [
    BlocksService,
    ConnectedPeers,
    DirectConversationsService,
    FriendsGateway,
    FriendsPresenceService,
    FriendsRepository,
    FriendsService,
    LastSeenService,
    LastSeenRepository,
    PersonalSettingsService,
    { provide: BlockedUsers, useExisting: ConnectedPeers },
  ],
  exports: [BlockedUsers, BlocksService, ConnectedPeers],
})
export class FriendsModule implements OnModuleInit {
  constructor(private readonly personalFeedKinds: PersonalFeedKinds) {}

  onModuleInit(): void {
    registerFriendKinds(this.personalFeedKinds);
  }
}
