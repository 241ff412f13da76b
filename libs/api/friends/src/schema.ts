import type { SchemaPart } from '@cloudhop/api/database';
import { FriendsBaseline1800000003000 } from './migrations/friends-baseline';
import blockChangeV1 from './sql/block_change_v1.sql';
import blockWriteV1 from './sql/block_write_v1.sql';
import directOpenV1 from './sql/direct_open_v1.sql';
import directRefusalV1 from './sql/direct_refusal_v1.sql';
import directRepliesRevokeV1 from './sql/direct_replies_revoke_v1.sql';
import friendChangeV1 from './sql/friend_change_v1.sql';
import friendNextStateV1 from './sql/friend_next_state_v1.sql';
import friendRefusalV1 from './sql/friend_refusal_v1.sql';
import friendWriteV1 from './sql/friend_write_v1.sql';
import hasBlockedV1 from './sql/has_blocked_v1.sql';
import isFriendV1 from './sql/is_friend_v1.sql';
import lockPairV1 from './sql/lock_pair_v1.sql';
import personalBumpPairV1 from './sql/personal_bump_pair_v1.sql';
import relationChangesV1 from './sql/relation_changes_v1.sql';
import settingsChangeV2 from './sql/settings_change_v2.sql';
import settingsOfV1 from './sql/settings_of_v1.sql';

/** Schema of friendships, blocks, direct conversations and personal settings. */
export const friendsSchema: SchemaPart = {
  migrations: [FriendsBaseline1800000003000],
  sql: [
    blockChangeV1,
    blockWriteV1,
    directOpenV1,
    directRefusalV1,
    directRepliesRevokeV1,
    friendChangeV1,
    friendNextStateV1,
    friendRefusalV1,
    friendWriteV1,
    hasBlockedV1,
    isFriendV1,
    lockPairV1,
    personalBumpPairV1,
    relationChangesV1,
    settingsChangeV2,
    settingsOfV1,
  ],
};
