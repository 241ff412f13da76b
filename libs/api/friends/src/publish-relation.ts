import type { UsersService } from '@cloudhop/api/auth';
import type { PersonalFeedPublisher, PersonalFeedRow } from '@cloudhop/api/personal-feed';

/** Publishes the changes of a relation with both of its users. Throws the refusal if the function refused. */
export async function publishRelation(
  personalFeeds: PersonalFeedPublisher,
  users: UsersService,
  rows: readonly PersonalFeedRow[],
  userIds: readonly string[],
): Promise<void> {
  const isWritten = rows.some(({ rev }) => rev !== null);
  personalFeeds.publish(rows, isWritten ? await users.find(userIds) : []);
}
