import { Accounts1790000007000 } from './accounts';
import { GuestSweepOrder1790000006000 } from './guest-sweep-order';
import { Identity1790000000000 } from './identity';
import { IdentityChanges1790000005000 } from './identity-changes';
import { LogCommit1790000002000 } from './log-commit';
import { LogMembers1790000003000 } from './log-members';
import { LogReads1790000004000 } from './log-reads';
import { LogTables1790000001000 } from './log-tables';

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
];
