import { ConversationsModule, DeletedUserCleanup } from '@cloudhop/api/conversations';
import { FriendsModule } from '@cloudhop/api/friends';
import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InvitesService } from './invites.service';
import { LobbyService } from './lobby.service';
import { MembershipsRepository } from './memberships.repository';
import { MembershipsService } from './memberships.service';
import { RoomActivityService } from './room-activity.service';
import { RoomInviteEntity } from './room-invite.entity';
import { RoomMembersService } from './room-members.service';
import { RoomPresenceService } from './room-presence.service';
import { RoomSettingsRepository } from './room-settings.repository';
import { RoomSettingsService } from './room-settings.service';
import { RoomSweepService } from './room-sweep.service';
import { RoomsController } from './rooms.controller';
import { RoomsGateway } from './rooms.gateway';
import { RoomsRepository } from './rooms.repository';
import { RoomsService } from './rooms.service';

/** Rooms, including the lobby: creation, lists, membership and moderation. */
@Module({
  imports: [ConversationsModule, FriendsModule, TypeOrmModule.forFeature([RoomInviteEntity])],
  controllers: [RoomsController],
  providers: [
    InvitesService,
    LobbyService,
    MembershipsService,
    MembershipsRepository,
    RoomActivityService,
    RoomMembersService,
    RoomPresenceService,
    RoomSettingsService,
    RoomSettingsRepository,
    RoomSweepService,
    RoomsService,
    RoomsGateway,
    RoomsRepository,
  ],
})
export class RoomsModule implements OnModuleInit {
  constructor(
    private readonly cleanup: DeletedUserCleanup,
    private readonly memberships: MembershipsService,
  ) {}

  onModuleInit(): void {
    registerLeaving(this.cleanup, this.memberships);
  }
}

/** Registers how deleted users leave conversations that have no rules of their own for it. */
export function registerLeaving(cleanup: DeletedUserCleanup, memberships: MembershipsService): void {
  for (const kind of ['room', 'direct', 'match'] as const)
    cleanup.register(kind, (conversationId, userId) => memberships.leave(conversationId, userId));
}
