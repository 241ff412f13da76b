import { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { TokenVerifier } from '@cloudhop/api/platform';
import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenKeys } from './access-token-keys';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccessTokens } from './access-tokens.service';
import { Accounts } from './accounts.service';
import { ApiTokenEntity } from './api-token.entity';
import { ApiTokensController } from './api-tokens.controller';
import { ApiTokensRepository } from './api-tokens.repository';
import { ApiTokens } from './api-tokens.service';
import { AuthController } from './auth.controller';
import { AuthGateway } from './auth.gateway';
import { registerAuthKinds } from './auth-personal-kinds';
import { EndedSessions } from './ended-sessions';
import { FormerNameEntity } from './former-name.entity';
import { GuestSweep } from './guest-sweep.service';
import { Passwords } from './passwords.service';
import { SessionCuts } from './session-cuts.service';
import { SessionEntity } from './session.entity';
import { SessionsRepository } from './sessions.repository';
import { Sessions } from './sessions.service';
import { SocketSessions } from './socket-sessions.service';
import { UserEntity } from './user.entity';
import { UsernameLooks } from './username-looks.service';
import { UsersRepository } from './users.repository';
import { Users } from './users.service';

/** Users, sessions and their tokens. Global, because the platform asks it through TokenVerifier. */
@Global()
@Module({
  imports: [
    JwtModule.register({}),
    TypeOrmModule.forFeature([ApiTokenEntity, FormerNameEntity, SessionEntity, UserEntity]),
  ],
  controllers: [ApiTokensController, AuthController],
  providers: [
    AccessTokenKeys,
    AccessTokenStrategy,
    AccessTokens,
    Accounts,
    ApiTokens,
    ApiTokensRepository,
    AuthGateway,
    EndedSessions,
    GuestSweep,
    Passwords,
    SessionCuts,
    Sessions,
    SessionsRepository,
    SocketSessions,
    UsernameLooks,
    Users,
    UsersRepository,
    { provide: TokenVerifier, useExisting: AccessTokens },
  ],
  exports: [TokenVerifier, Users],
})
export class AuthModule implements OnModuleInit {
  constructor(private readonly personalFeedKinds: PersonalFeedKinds) {}

  onModuleInit(): void {
    registerAuthKinds(this.personalFeedKinds);
  }
}
