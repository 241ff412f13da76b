import type { LogNode } from '@cloudhop/api/conversations/testing';
import { GroupsRepository } from '../groups.repository';
import { GroupsService } from '../groups.service';

export { groupsRowShapes } from '../row-shapes';

/** Returns the services of groups on a node. */
export function groupServices({ database, conversations, membershipPublisher, users, cleanup }: LogNode) {
  const groupsRepository = new GroupsRepository(database);
  const groups = new GroupsService(groupsRepository, membershipPublisher, conversations, users);
  cleanup.register('group', (conversationId, userId) => groups.end(conversationId, userId));
  return { groupsRepository, groups };
}
