import { Accounts1790000007000 } from './accounts';
import { DirectCommit1790000010000 } from './direct-commit';
import { Groups1790000014000 } from './groups';
import { GuestSweepOrder1790000006000 } from './guest-sweep-order';
import { Identity1790000000000 } from './identity';
import { IdentityChanges1790000005000 } from './identity-changes';
import { LinkPreviews1790000022000 } from './link-previews';
import { LogCommit1790000002000 } from './log-commit';
import { LogMembers1790000003000 } from './log-members';
import { LogReads1790000004000 } from './log-reads';
import { LogTables1790000001000 } from './log-tables';
import { MessageCommit1790000021000 } from './message-commit';
import { MessageParts1790000020000 } from './message-parts';
import { PeopleChanges1790000011000 } from './people-changes';
import { PeopleRules1790000009000 } from './people-rules';
import { PeopleTables1790000008000 } from './people-tables';
import { RoomCommit1790000016000 } from './room-commit';
import { RoomMembers1790000017000 } from './room-members';
import { RoomTables1790000015000 } from './room-tables';
import { Rooms1790000018000 } from './rooms';
import { Search1790000019000 } from './search';
import { TogetherChanges1790000013000 } from './together-changes';
import { TogetherTables1790000012000 } from './together-tables';

/** Every migration, in order. */
export const migrations = [
  Identity1790000000000,
  LogTables1790000001000,
  LogCommit1790000002000,
  LogMembers1790000003000,
  LogReads1790000004000,
  IdentityChanges1790000005000,
  GuestSweepOrder1790000006000,
  Accounts1790000007000,
  PeopleTables1790000008000,
  PeopleRules1790000009000,
  DirectCommit1790000010000,
  PeopleChanges1790000011000,
  TogetherTables1790000012000,
  TogetherChanges1790000013000,
  Groups1790000014000,
  RoomTables1790000015000,
  RoomCommit1790000016000,
  RoomMembers1790000017000,
  Rooms1790000018000,
  Search1790000019000,
  MessageParts1790000020000,
  MessageCommit1790000021000,
  LinkPreviews1790000022000,
];
