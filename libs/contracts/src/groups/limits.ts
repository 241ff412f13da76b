/** Defaults of the limits of groups. Code reads `limits`, which may be overridden. */
export const groupLimits = {
  /** Members of one group, invited ones included. Each sees the read marks of all. */
  groupMembers: 50,
  /** Groups that one user creates per day, or owns: enough for any person, too few for spam. */
  groupsPerDay: 20,
  /** Pending invitations to users who are not friends, sent by one user. */
  openInvitations: 20,
};
