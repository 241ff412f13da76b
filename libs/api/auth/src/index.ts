export { AuthModule } from './auth.module';
export { registerAuthKinds, toUsers, userRow } from './auth-personal-kinds';
export { authRowShapes } from './row-shapes';
export { skeletonOf } from './skeleton';
export { UsersService } from './users.service';
export { toUser, userColumns, type UserRow } from './user-mapping';
