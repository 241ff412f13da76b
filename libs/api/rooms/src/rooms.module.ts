import { ConversationsModule, DeletedUserCleanup } from '@cloudhop/api/conversations';
import { FriendsModule } from '@cloudhop/api/friends';
import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Invites } from './invites.service';
import { LobbyService } from './lobby.service';
import { MembershipsRepository } from './memberships.repository';
import { Memberships } from './memberships.service';
import { RoomActivity } from './room-activity.service';
import { RoomInviteEntity } from './room-invite.entity';
import { RoomMembers } from './room-members.service';
import { RoomPresence } from './room-presence.service';
import { RoomSettingsRepository } from './room-settings.repository';
import { RoomSettings } from './room-settings.service';
import { RoomSweep } from './room-sweep.service';
import { RoomsController } from './rooms.controller';
import { RoomsGateway } from './rooms.gateway';
import { RoomsRepository } from './rooms.repository';
import { Rooms } from './rooms.service';

/** Rooms, of which the lobby is one: how they are made, found, entered and moderated. */
@Module({
  imports: [ConversationsModule, FriendsModule, TypeOrmModule.forFeature([RoomInviteEntity])],
  controllers: [RoomsController],
  providers: [
    Invites,
    LobbyService,
    Memberships,
    MembershipsRepository,
    RoomActivity,
    RoomMembers,
    RoomPresence,
    RoomSettings,
    RoomSettingsRepository,
    RoomSweep,
    Rooms,
    RoomsGateway,
    RoomsRepository,
  ],
})
export class RoomsModule implements OnModuleInit {
  constructor(
    private readonly cleanup: DeletedUserCleanup,
    private readonly memberships: Memberships,
  ) {}

  onModuleInit(): void {
    registerLeaving(this.cleanup, this.memberships);
  }
}

/** Registers how deleted users leave conversations that have no rules of their own for it. */
export function registerLeaving(cleanup: DeletedUserCleanup, memberships: Memberships): void {
  for (const kind of ['room', 'direct', 'match'] as const)
    cleanup.register(kind, (conversationId, userId) => memberships.leave(conversationId, userId));
}
