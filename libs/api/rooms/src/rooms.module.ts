import { ConversationsModule } from '@cloudhop/api/conversations';
import { Module } from '@nestjs/common';
import { LobbyService } from './lobby.service';
import { RoomsGateway } from './rooms.gateway';

@Module({ imports: [ConversationsModule], providers: [LobbyService, RoomsGateway] })
export class RoomsModule {}
