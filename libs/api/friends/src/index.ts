export { BlocksService } from './blocks.service';
export { ConnectedPeers } from './connected-peers.service';
export { FriendsModule } from './friends.module';
