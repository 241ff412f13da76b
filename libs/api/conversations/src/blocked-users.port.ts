/** Port to the blocks of connected users. The friends feature provides it. */
export abstract class BlockedUsers {
  /** Returns the ids of the users whom a connected user has blocked; undefined for a user without a device here. */
  abstract blockedBy(userId: string): ReadonlySet<string> | undefined;

  /** Returns the ids of the users whom a block of either side keeps apart from the user, as far as this node knows. */
  abstract apartFrom(userId: string): ReadonlySet<string> | undefined;
}
