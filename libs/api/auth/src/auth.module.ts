import { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { TokenVerifier } from '@cloudhop/api/platform';
import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenKeys } from './access-token-keys';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccessTokensService } from './access-tokens.service';
import { AccountsService } from './accounts.service';
import { ApiTokenEntity } from './api-token.entity';
import { ApiTokensController } from './api-tokens.controller';
import { ApiTokensRepository } from './api-tokens.repository';
import { ApiTokensService } from './api-tokens.service';
import { AuthController } from './auth.controller';
import { AuthGateway } from './auth.gateway';
import { registerAuthKinds } from './auth-personal-kinds';
import { EndedSessions } from './ended-sessions';
import { FormerNameEntity } from './former-name.entity';
import { GuestSweepService } from './guest-sweep.service';
import { PasswordsService } from './passwords.service';
import { SessionCutsService } from './session-cuts.service';
import { SessionEntity } from './session.entity';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { SocketSessionsService } from './socket-sessions.service';
import { UserEntity } from './user.entity';
import { UsernameLooksService } from './username-looks.service';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

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
    AccessTokensService,
    AccountsService,
    ApiTokensService,
    ApiTokensRepository,
    AuthGateway,
    EndedSessions,
    GuestSweepService,
    PasswordsService,
    SessionCutsService,
    SessionsService,
    SessionsRepository,
    SocketSessionsService,
    UsernameLooksService,
    UsersService,
    UsersRepository,
    { provide: TokenVerifier, useExisting: AccessTokensService },
  ],
  exports: [TokenVerifier, UsersService],
})
export class AuthModule implements OnModuleInit {
  constructor(private readonly personalFeedKinds: PersonalFeedKinds) {}

  onModuleInit(): void {
    registerAuthKinds(this.personalFeedKinds);
  }
}
