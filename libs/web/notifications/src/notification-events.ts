import type { Block, ConversationKind, Friend, Invitation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { conversationLink } from '@cloudhop/web/navigation';

/** What of the client's view can be news. */
export interface NotificationSource {
  /** Connected, and nothing is being caught up with. */
  isLive: boolean;
  me: string | undefined;
  friends: ReadonlyMap<string, Friend>;
  blocks: ReadonlyMap<string, Block['level']>;
  invitations: ReadonlyMap<string, Invitation>;
  conversations: ReadonlyMap<string, ConversationSummary>;
}

/** Something was said that counts for the person. */
export interface MessageNotificationEvent {
  kind: 'message' | 'mention';
  conversationId: string;
  place: ConversationKind;
  /** Of a room. */
  slug?: string;
  count: number;
  /** Who said the last of it, and what; absent where that is not known here. */
  last?: { userId: string; text: string };
  /** The seqs it is summaryTarget: above `after`, and up to `through`. */
  after: number;
  through: number;
}

/** Something that a person elsewhere in the page wants to hear of. */
export type NotificationEvent =
  | { kind: 'request'; userId: string }
  | { kind: 'accepted'; userId: string }
  /** `slug`: into a room. */
  | { kind: 'invitation'; userId: string; conversationId: string; slug?: string }
  | MessageNotificationEvent;

/** What happened between two views that both were live: what was there at start, or came while catching up, is none. */
export function diffNotificationEvents(before: NotificationSource, after: NotificationSource): NotificationEvent[] {
  if (!before.isLive || !after.isLive || before.me !== after.me) return [];
  const news: NotificationEvent[] = [];
  if (before.friends !== after.friends)
    for (const { userId, state } of after.friends.values()) {
      const was = before.friends.get(userId)?.state;
      if (was === state || after.blocks.has(userId)) continue;
      if (state === 'received') news.push({ kind: 'request', userId });
      if (state === 'friend' && was === 'sent') news.push({ kind: 'accepted', userId });
    }
  if (before.invitations !== after.invitations)
    for (const [conversationId, { invitedBy, slug }] of after.invitations)
      if (!before.invitations.has(conversationId) && !after.blocks.has(invitedBy))
        news.push({ kind: 'invitation', userId: invitedBy, conversationId, ...(slug !== undefined && { slug }) });
  if (before.conversations !== after.conversations)
    for (const [id, summary] of after.conversations) {
      const was = before.conversations.get(id);
      const saying = was === summary ? undefined : sayingIn(was, summary, after);
      if (saying) news.push(saying);
    }
  return news;
}

/** A badge that rose by what was said, and not because one reads less or wants to hear more than before. */
function sayingIn(
  before: ConversationSummary | undefined,
  summary: ConversationSummary,
  { blocks }: NotificationSource,
): MessageNotificationEvent | undefined {
  const { conversation, badge } = summary;
  const count = badge - (before?.badge ?? 0);
  if (count <= 0 || blocks.has(conversation.peerId ?? '')) return undefined;
  const { id: conversationId, kind: place, slug, seq } = conversation;
  const range = { after: before?.conversation.seq ?? 0, through: seq };
  const said = saidIn(summary, range);
  return said && { ...said, count, conversationId, place, ...(slug !== undefined && { slug }), ...range };
}

/** Returns what of a range of seqs still calls for the person; undefined once it was read, deleted or muted. */
function saidIn(
  summary: ConversationSummary,
  { after, through }: Pick<MessageNotificationEvent, 'after' | 'through'>,
): Pick<MessageNotificationEvent, 'kind' | 'count' | 'last'> | undefined {
  const { arrivals, notices } = summary;
  const isIn = (seq: number) => seq > after && seq <= through;
  const heard = arrivals.filter(({ seq }) => isIn(seq));
  const naming = unblockedMentions(summary).filter(isIn);
  const count = notices === 'all' ? heard.length : notices === 'mentions' ? naming.length : 0;
  if (count === 0) return undefined;
  const last = notices === 'all' ? heard.at(-1) : heard.find(({ seq }) => seq === naming.at(-1));
  return {
    kind: notices !== 'all' || last?.seq === naming.at(-1) ? 'mention' : 'message',
    count,
    ...(last && { last: { userId: last.authorId, text: last.body } }),
  };
}

/** Returns the seqs of unread messages that name the person, without those of people who are known not to be heard. */
export function unblockedMentions({ arrivals, mentions, last }: ConversationSummary): readonly number[] {
  const lowestKnown = arrivals[0]?.seq ?? last?.seq ?? Infinity;
  return mentions.filter((seq) => seq < lowestKnown || arrivals.some((arrival) => arrival.seq === seq));
}

/**
 * Returns news as they stand by now: with the words as they were edited, and undefined once they are gone, by deletion,
 * reading, an answer or a block. The same object where nothing changed.
 */
export function refreshEvent(news: NotificationEvent, view: NotificationSource): NotificationEvent | undefined {
  if (!isMessageEvent(news)) return isStanding(news, view) ? news : undefined;
  const summary = view.conversations.get(news.conversationId);
  const said = summary && saidIn(summary, news);
  if (!said || view.blocks.has(summary.conversation.peerId ?? '')) return undefined;
  const count = Math.min(said.count, news.count);
  const isSame =
    count === news.count &&
    said.kind === news.kind &&
    said.last?.userId === news.last?.userId &&
    said.last?.text === news.last?.text;
  const { last: _, ...rest } = news;
  return isSame ? news : { ...rest, ...said, count };
}

function isStanding(
  news: Exclude<NotificationEvent, MessageNotificationEvent>,
  { friends, blocks, invitations }: NotificationSource,
): boolean {
  if (blocks.has(news.userId)) return false;
  if (news.kind === 'invitation') return invitations.has(news.conversationId);
  return friends.get(news.userId)?.state === (news.kind === 'request' ? 'received' : 'friend');
}

/** What is said of all of it together: a key of the dictionary with what belongs in it, and where "Open" goes. */
export interface NotificationSummary {
  key:
    | 'request'
    | 'requests'
    | 'accepted'
    | 'invitation'
    | 'message'
    | 'messageIn'
    | 'messagesOf'
    | 'messagesIn'
    | 'messages'
    | 'mention'
    | 'mentionIn'
    | 'several';
  userId?: string;
  /** The one that all of it is summaryTarget, where it is in the words. */
  conversationId?: string;
  text: string;
  count: number;
  link: readonly string[];
}

/** One sentence for everything that has come and was not looked at yet; undefined for nothing. */
export function summarizeEvents(news: readonly NotificationEvent[]): NotificationSummary | undefined {
  const last = news.at(-1);
  if (!last) return undefined;
  const count = news.reduce((sum, item) => sum + ('count' in item ? item.count : 1), 0);
  const sayings = news.filter(isMessageEvent);
  if (isMessageEvent(last) && sayings.length === news.length) return summarizeMessageEvents(sayings, last, count);
  const headline = { ...summaryTarget(last), count };
  if (news.some(({ kind }) => kind !== last.kind)) return { ...headline, key: 'several' };
  if (count === 1) return { ...headline, key: last.kind };
  return { ...headline, key: last.kind === 'request' ? 'requests' : 'several' };
}

function summarizeMessageEvents(
  sayings: readonly MessageNotificationEvent[],
  last: MessageNotificationEvent,
  count: number,
): NotificationSummary {
  const headline = { ...summaryTarget(last), count };
  const isOne = sayings.every(({ conversationId }) => conversationId === last.conversationId);
  if (!isOne) return { ...headline, key: 'messages', link: [sayings.every(isRoomEvent) ? '/rooms' : '/chats'] };
  const isDirect = last.place === 'direct';
  if (count > 1) return { ...headline, key: isDirect ? 'messagesOf' : 'messagesIn' };
  if (!last.last) return { ...headline, key: 'mentionIn' };
  if (isDirect) return { ...headline, key: 'message' };
  return { ...headline, key: last.kind === 'mention' ? 'mention' : 'messageIn' };
}

/** Whom and what one piece of news is summaryTarget, and where one finds it. */
export function summaryTarget(
  news: NotificationEvent,
): Pick<NotificationSummary, 'userId' | 'conversationId' | 'text' | 'link'> {
  if (isMessageEvent(news)) {
    const { conversationId, place, slug, last } = news;
    const link = conversationLink({ id: conversationId, kind: place, slug });
    return { conversationId, text: last?.text ?? '', link, ...(last && { userId: last.userId }) };
  }
  const { userId } = news;
  if (news.kind === 'invitation')
    return { userId, conversationId: news.conversationId, text: '', link: [isRoomEvent(news) ? '/rooms' : '/chats'] };
  return { userId, text: '', link: ['/friends'] };
}

/** Whether it belongs into the list of rooms rather than into that of chats. */
export function isRoomEvent(news: NotificationEvent): boolean {
  return isMessageEvent(news) ? news.place === 'room' : news.kind === 'invitation' && news.slug !== undefined;
}

function isMessageEvent(news: NotificationEvent): news is MessageNotificationEvent {
  return news.kind === 'message' || news.kind === 'mention';
}
