/** Defaults of the limits of groups. Code reads `limits`, which may be overridden. */
export const groupLimits = {
  /** People of one group, invitations counted: a circle in which everybody can know what everybody has read. */
  groupMembers: 50,
  /** Groups that one person makes in a day, or is in as its owner: enough for every circle, too few for spam. */
  groupsPerDay: 20,
  /** Invitations of people who are not friends that one sent and that wait for an answer. */
  openInvitations: 20,
};
