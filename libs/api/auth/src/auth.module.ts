import { TokenVerifier } from '@cloudhop/api/platform';
import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccessTokens } from './access-tokens.service';
import { Accounts } from './accounts.service';
import { ApiTokenEntity } from './api-token.entity';
import { ApiTokensController } from './api-tokens.controller';
import { ApiTokensRepository } from './api-tokens.repository';
import { ApiTokens } from './api-tokens.service';
import { AuthController } from './auth.controller';
import { AuthGateway } from './auth.gateway';
import { EndedSessions } from './ended-sessions';
import { FormerNameEntity } from './former-name.entity';
import { GuestSweep } from './guest-sweep.service';
import { Passwords } from './passwords.service';
import { PersonalFeedPublisher } from './personal-feed-publisher';
import { SessionCuts } from './session-cuts.service';
import { SessionEntity } from './session.entity';
import { SessionsRepository } from './sessions.repository';
import { Sessions } from './sessions.service';
import { SocketSessions } from './socket-sessions.service';
import { UserEntity } from './user.entity';
import { UsernameLooks } from './username-looks.service';
import { UsersRepository } from './users.repository';
import { Users } from './users.service';

/** Who people are, and how a device proves it. Global, because core asks it through TokenVerifier. */
@Global()
@Module({
  imports: [
    JwtModule.register({}),
    TypeOrmModule.forFeature([ApiTokenEntity, FormerNameEntity, SessionEntity, UserEntity]),
  ],
  controllers: [ApiTokensController, AuthController],
  providers: [
    AccessTokenStrategy,
    AccessTokens,
    Accounts,
    ApiTokens,
    ApiTokensRepository,
    AuthGateway,
    EndedSessions,
    GuestSweep,
    Passwords,
    PersonalFeedPublisher,
    SessionCuts,
    Sessions,
    SessionsRepository,
    SocketSessions,
    UsernameLooks,
    Users,
    UsersRepository,
    { provide: TokenVerifier, useExisting: AccessTokens },
  ],
  exports: [PersonalFeedPublisher, TokenVerifier, Users],
})
export class AuthModule {}
