import { authSchema } from '@cloudhop/api/auth/schema';
import { conversationsSchema } from '@cloudhop/api/conversations/schema';
import { type Schema, databaseSchema, joinParts } from '@cloudhop/api/database';
import { friendsSchema } from '@cloudhop/api/friends/schema';
import { groupsSchema } from '@cloudhop/api/groups/schema';
import { personalFeedSchema } from '@cloudhop/api/personal-feed/schema';
import { roomsSchema } from '@cloudhop/api/rooms/schema';
import { supersededSchema } from './superseded';
import { oldestOrdinal, versions } from './versions';

export { migrate } from '@cloudhop/api/database';

/** Schema of the whole database: the parts of all libraries, in the order of their dependencies. */
export const schema: Schema = {
  ordinal: Math.max(...Object.keys(versions).map(Number)),
  oldestOrdinal,
  ...joinParts([
    databaseSchema,
    personalFeedSchema,
    authSchema,
    conversationsSchema,
    friendsSchema,
    groupsSchema,
    roomsSchema,
    supersededSchema,
  ]),
  takeover: {
    commit: '9a790f3',
    fingerprint: '3a91d3ec2c97d9f739109a5fccbb4919d32589b19af8d3266e95762c8c42b775',
    baselines: [
      'Timelines1800000000000',
      'AuthBaseline1800000001000',
      'ConversationsBaseline1800000002000',
      'FriendsBaseline1800000003000',
      'RoomsBaseline1800000004000',
    ],
  },
};
