export { AuthModule } from './auth.module';
export { authRowShapes } from './row-shapes';
export { skeletonOf } from './skeleton';
export { UsersService } from './users.service';
export { toUser, toUsers, userColumns, userRow, type UserRow } from './user-mapping';
