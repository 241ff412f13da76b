/** Defaults of the limits of synchronisation. Code reads `limits`, which may be overridden. */
export const syncLimits = {
  /** Conversations in one feed:sync. */
  syncConversations: 200,
  /** Changes of one conversation in one sync page or one live frame. */
  framePage: 100,
  /** Changed rows beyond which a sync returns a snapshot, which is then cheaper than the difference. */
  resetBeyond: 500,
};
