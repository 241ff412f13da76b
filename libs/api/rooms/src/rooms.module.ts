import { ConversationsModule } from '@cloudhop/api/conversations';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Invites } from './invites.service';
import { LobbyService } from './lobby.service';
import { RoomActivity } from './room-activity.service';
import { RoomInviteEntity } from './room-invite.entity';
import { RoomMembers } from './room-members.service';
import { RoomPresence } from './room-presence.service';
import { RoomSweep } from './room-sweep.service';
import { RoomsController } from './rooms.controller';
import { RoomsGateway } from './rooms.gateway';
import { RoomsRepository } from './rooms.repository';
import { Rooms } from './rooms.service';

@Module({
  imports: [ConversationsModule, TypeOrmModule.forFeature([RoomInviteEntity])],
  controllers: [RoomsController],
  providers: [
    Invites,
    LobbyService,
    RoomActivity,
    RoomMembers,
    RoomPresence,
    RoomSweep,
    Rooms,
    RoomsGateway,
    RoomsRepository,
  ],
})
export class RoomsModule {}
