import type { LogNode } from '@cloudhop/api/conversations/testing';
import { DirectConversationsService } from '../direct-conversations.service';
import { FriendsRepository } from '../friends.repository';
import { FriendsService } from '../friends.service';
import { registerFriendKinds } from '../friends-personal-kinds';
import { LastSeenRepository } from '../last-seen.repository';
import { PersonalSettingsService } from '../personal-settings.service';

export { friendsRowShapes } from '../row-shapes';
export type { FriendVerb } from '../friends.repository';

/** Returns the services of friends on a node. */
export function friendServices({
  database,
  conversations,
  personalFeeds,
  personalFeedKinds,
  users,
  rateLimits,
}: LogNode) {
  registerFriendKinds(personalFeedKinds);
  const friendsRepository = new FriendsRepository(database);
  return {
    friendsRepository,
    lastSeenRepository: new LastSeenRepository(database),
    friends: new FriendsService(friendsRepository, personalFeeds, users, rateLimits),
    directs: new DirectConversationsService(friendsRepository, conversations, personalFeeds, users),
    personalSettings: new PersonalSettingsService(friendsRepository, personalFeeds),
  };
}
