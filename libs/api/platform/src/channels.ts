/** Every room of the socket server. Nothing else makes their names. */
export const channels = {
  /** All sockets of a user: the personal feed. */
  user: (userId: string): string => `user:${userId}`,
  /** The sockets of one signed-in device. */
  session: (sessionId: string): string => `session:${sessionId}`,
  /** A slice of a conversation's subscribers; a frame is encoded once per slice, and the event loop runs in between. */
  conversation: (conversationId: string, shard = 0): string => `conversation:${conversationId}:${shard}`,
};
