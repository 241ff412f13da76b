import type { Actor } from '@cloudhop/api/platform';
import type { ConversationSync, Message } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, aConversation, aGuest } from './log-node';

/** Creates a room with an author of `messages` messages, and a reader. */
export async function aRoom(node: LogNode, messages = 0) {
  const author = await aGuest(node.database);
  const reader = await aGuest(node.database);
  const conversationId = await aConversation(node.database, { members: [author, reader] });
  const ids = Array.from({ length: messages }, () => uuidv7());
  for (const [n, id] of ids.entries()) await node.log.append(author, { conversationId, id, body: `message ${n + 1}` });
  return { author, reader, conversationId, ids };
}

/** Returns the reply to a sync of one conversation. */
export async function sync(
  node: LogNode,
  reader: Actor,
  conversationId: string,
  rev: number,
): Promise<ConversationSync> {
  const { epoch } = node.database;
  const reply = await node.feedSync.sync(reader, { epoch, personal: 0, conversations: [{ conversationId, rev }] });
  return reply.conversations[0]!;
}

/** Returns the latest hundred messages of the server. */
export async function everything(node: LogNode, reader: Actor, conversationId: string): Promise<Message[]> {
  return (await node.conversations.history(reader, { conversationId, limit: 100 })).messages;
}
