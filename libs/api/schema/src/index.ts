import { authSchema } from '@cloudhop/api/auth/schema';
import { conversationsSchema } from '@cloudhop/api/conversations/schema';
import { type Schema, coreSchema, joinParts } from '@cloudhop/api/core';
import { friendsSchema } from '@cloudhop/api/friends/schema';
import { roomsSchema } from '@cloudhop/api/rooms/schema';
import { supersededSchema } from './superseded';
import { version } from './version';

export { migrate } from '@cloudhop/api/core';

/** Schema of the whole database: what every library adds to it, in the order in which the libraries build on each other. */
export const schema: Schema = {
  ...version,
  ...joinParts([coreSchema, authSchema, conversationsSchema, friendsSchema, roomsSchema, supersededSchema]),
  takeover: {
    commit: '9a790f3',
    fingerprint: '7585be55cdf1754c3d8c051f3379ae2885e5dcaaf5a5234e6077136650c762a6',
    baselines: [
      'Timelines1800000000000',
      'AuthBaseline1800000001000',
      'ConversationsBaseline1800000002000',
      'FriendsBaseline1800000003000',
      'RoomsBaseline1800000004000',
    ],
  },
};
