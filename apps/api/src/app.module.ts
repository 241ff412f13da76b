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

/**
 * The server with all its features. Global modules are initialised in this order, before the others, and the steps of the
 * handshake run in the order of their registration: auth must come before friends.
 */
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
