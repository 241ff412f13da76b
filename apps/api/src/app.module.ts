import { AuthModule } from '@cloudhop/api/auth';
import { ConversationsModule } from '@cloudhop/api/conversations';
import { DatabaseModule } from '@cloudhop/api/database';
import { PlatformModule } from '@cloudhop/api/platform';
import { RealtimeModule } from '@cloudhop/api/realtime';
import { FriendsModule } from '@cloudhop/api/friends';
import { GroupsModule } from '@cloudhop/api/groups';
import { PersonalFeedModule } from '@cloudhop/api/personal-feed';
import { RoomsModule } from '@cloudhop/api/rooms';
import { Module } from '@nestjs/common';

@Module({
  imports: [
    PlatformModule,
    DatabaseModule,
    RealtimeModule,
    PersonalFeedModule,
    AuthModule,
    ConversationsModule,
    FriendsModule,
    GroupsModule,
    RoomsModule,
  ],
})
export class AppModule {}
