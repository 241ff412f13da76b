import type { Block, Friend } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';

/** What of the client's view can be news. */
export interface NewsView {
  /** Connected, and nothing is being caught up with. */
  isLive: boolean;
  me: string | undefined;
  friends: ReadonlyMap<string, Friend>;
  blocks: ReadonlyMap<string, Block['level']>;
  conversations: ReadonlyMap<string, ConversationSummary>;
}

/** Something that a person elsewhere in the page wants to hear of. */
export type News =
  | { kind: 'request' | 'accepted'; userId: string }
  | { kind: 'message'; userId: string; conversationId: string; text: string; count: number };

/** What happened between two views that both were live: what was there at start, or came while catching up, is none. */
export function newsBetween(before: NewsView, after: NewsView): News[] {
  if (!before.isLive || !after.isLive || before.me !== after.me) return [];
  const news: News[] = [];
  if (before.friends !== after.friends)
    for (const { userId, state } of after.friends.values()) {
      const was = before.friends.get(userId)?.state;
      if (was === state || after.blocks.has(userId)) continue;
      if (state === 'received') news.push({ kind: 'request', userId });
      if (state === 'friend' && was === 'sent') news.push({ kind: 'accepted', userId });
    }
  if (before.conversations !== after.conversations)
    for (const summary of after.conversations.values()) {
      const message = messageIn(before.conversations.get(summary.conversation.id), summary, after);
      if (message) news.push(message);
    }
  return news;
}

function messageIn(
  before: ConversationSummary | undefined,
  { conversation, last, unread }: ConversationSummary,
  { me, blocks }: NewsView,
): News | undefined {
  if (conversation.kind !== 'direct' || !last || last.isDeleted || last.authorId === me) return undefined;
  if (last.seq <= (before?.last?.seq ?? 0) || blocks.has(last.authorId)) return undefined;
  const count = unread - (before?.unread ?? 0);
  if (count <= 0) return undefined;
  return { kind: 'message', userId: last.authorId, conversationId: conversation.id, text: last.body, count };
}

/** What is said of all of it together: a key of the dictionary with what belongs in it, and where "Open" goes. */
export interface Headline {
  key: 'request' | 'requests' | 'accepted' | 'message' | 'messagesOf' | 'messages' | 'several';
  userId: string;
  text: string;
  count: number;
  link: readonly string[];
}

/** One sentence for everything that has come and was not looked at yet; undefined for nothing. */
export function headlineOf(news: readonly News[]): Headline | undefined {
  const last = news.at(-1);
  if (!last) return undefined;
  const count = news.reduce((sum, item) => sum + (item.kind === 'message' ? item.count : 1), 0);
  const text = last.kind === 'message' ? last.text : '';
  const link = last.kind === 'message' ? ['/chats', last.conversationId] : ['/friends'];
  const headline = { userId: last.userId, text, count, link };
  if (news.some(({ kind }) => kind !== last.kind)) return { ...headline, key: 'several' };
  if (last.kind === 'message') {
    const isOne = news.every((item) => item.kind === 'message' && item.conversationId === last.conversationId);
    if (!isOne) return { ...headline, key: 'messages', link: ['/chats'] };
    return { ...headline, key: count === 1 ? 'message' : 'messagesOf' };
  }
  if (count === 1) return { ...headline, key: last.kind };
  return { ...headline, key: last.kind === 'request' ? 'requests' : 'several' };
}
