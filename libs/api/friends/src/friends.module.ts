import { ConversationsModule } from '@cloudhop/api/conversations';
import { Module } from '@nestjs/common';
import { FriendsController } from './friends.controller';
import { FriendsGateway } from './friends.gateway';
import { FriendsPresence } from './friends-presence.service';
import { FriendsService } from './friends.service';
import { GroupsController } from './groups.controller';

/** People: how they are found, and what they are to each other. */
@Module({
  imports: [ConversationsModule],
  controllers: [FriendsController, GroupsController],
  providers: [FriendsGateway, FriendsPresence, FriendsService],
})
export class FriendsModule {}
