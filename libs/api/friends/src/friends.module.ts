import { ConversationsModule } from '@cloudhop/api/conversations';
import { Module } from '@nestjs/common';
import { FriendsController } from './friends.controller';
import { FriendsGateway } from './friends.gateway';
import { FriendsService } from './friends.service';

/** People: how they are found, and what they are to each other. */
@Module({
  imports: [ConversationsModule],
  controllers: [FriendsController],
  providers: [FriendsGateway, FriendsService],
})
export class FriendsModule {}
