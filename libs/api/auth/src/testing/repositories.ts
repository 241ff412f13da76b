import type { Database } from '@cloudhop/api/database';
import { Repository } from 'typeorm';
import { FormerNameEntity } from '../former-name.entity';
import { SessionEntity } from '../session.entity';
import { SessionsRepository } from '../sessions.repository';
import { UserEntity } from '../user.entity';
import { UsersRepository } from '../users.repository';

export interface AuthRepositories {
  usersRepository: UsersRepository;
  sessionsRepository: SessionsRepository;
}

/** Returns the repositories of accounts on the database of a node that has no auth module. Methods that read entities fail: its connection knows none. */
export function authRepositories(database: Database): AuthRepositories {
  const { manager } = database.dataSource;
  return {
    usersRepository: new UsersRepository(
      database,
      new Repository(UserEntity, manager),
      new Repository(FormerNameEntity, manager),
    ),
    sessionsRepository: new SessionsRepository(database, new Repository(SessionEntity, manager)),
  };
}
