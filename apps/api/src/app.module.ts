import { AuthModule } from '@cloudhop/api/auth';
import { ConversationsModule } from '@cloudhop/api/conversations';
import { CoreModule } from '@cloudhop/api/core';
import { FriendsModule } from '@cloudhop/api/friends';
import { RoomsModule } from '@cloudhop/api/rooms';
import { Module } from '@nestjs/common';

@Module({ imports: [CoreModule, AuthModule, ConversationsModule, FriendsModule, RoomsModule] })
export class AppModule {}
