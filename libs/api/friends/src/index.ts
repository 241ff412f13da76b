export { FriendsModule } from './friends.module';
