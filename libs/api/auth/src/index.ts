export { AuthModule } from './auth.module';
export { Users } from './users.service';
export { toUser, userColumns, type UserRow } from './user-mapping';
