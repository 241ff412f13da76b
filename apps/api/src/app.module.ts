import { AuthModule } from '@cloudhop/api/auth';
import { ConversationsModule } from '@cloudhop/api/conversations';
import { DatabaseModule } from '@cloudhop/api/database';
import { PlatformModule } from '@cloudhop/api/platform';
import { RealtimeModule } from '@cloudhop/api/realtime';
import { FriendsModule } from '@cloudhop/api/friends';
import { RoomsModule } from '@cloudhop/api/rooms';
import { Module } from '@nestjs/common';

@Module({
  imports: [
    PlatformModule,
    DatabaseModule,
    RealtimeModule,
    AuthModule,
    ConversationsModule,
    FriendsModule,
    RoomsModule,
  ],
})
export class AppModule {}
