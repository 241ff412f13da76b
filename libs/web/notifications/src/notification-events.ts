import type { Block, ConversationKind, Friend, Invitation } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { conversationLink } from '@cloudhop/web/navigation';

/** Part of the client state from which notifications are derived. */
export interface NotificationSource {
  /** Connected and not catching up. */
  isLive: boolean;
  me: string | undefined;
  friends: ReadonlyMap<string, Friend>;
  blocks: ReadonlyMap<string, Block['level']>;
  invitations: ReadonlyMap<string, Invitation>;
  conversations: ReadonlyMap<string, ConversationSummary>;
}

/** New messages of a conversation that notify the user. */
interface MessageNotificationEvent {
  kind: 'message' | 'mention';
  conversationId: string;
  conversationKind: ConversationKind;
  /** Set for a room. */
  slug?: string;
  count: number;
  /** Author and text of the last message; absent if it is not loaded. */
  last?: { userId: string; text: string };
  /** Range of seqs: above `after`, up to and including `through`. */
  after: number;
  through: number;
}

/** Event that notifies a user who is elsewhere in the page. */
export type NotificationEvent =
  | { kind: 'request'; userId: string }
  | { kind: 'accepted'; userId: string }
  /** `slug`: set for a room. */
  | { kind: 'invitation'; userId: string; conversationId: string; slug?: string }
  | MessageNotificationEvent;

/**
 * Returns the events between two live states. Events present at start, or received while catching up, do not notify.
 */
export function diffNotificationEvents(before: NotificationSource, after: NotificationSource): NotificationEvent[] {
  if (!before.isLive || !after.isLive || before.me !== after.me) return [];
  const events: NotificationEvent[] = [];
  if (before.friends !== after.friends)
    for (const { userId, state } of after.friends.values()) {
      const was = before.friends.get(userId)?.state;
      if (was === state || after.blocks.has(userId)) continue;
      if (state === 'received') events.push({ kind: 'request', userId });
      if (state === 'friend' && was === 'sent') events.push({ kind: 'accepted', userId });
    }
  if (before.invitations !== after.invitations)
    for (const [conversationId, { invitedBy, slug }] of after.invitations)
      if (!before.invitations.has(conversationId) && !after.blocks.has(invitedBy))
        events.push({ kind: 'invitation', userId: invitedBy, conversationId, ...(slug !== undefined && { slug }) });
  if (before.conversations !== after.conversations)
    for (const [id, summary] of after.conversations) {
      const was = before.conversations.get(id);
      const messageEvent = was === summary ? undefined : messageEventOf(was, summary, after);
      if (messageEvent) events.push(messageEvent);
    }
  return events;
}

/**
 * Returns the messages that raised the badge. A raise of the notification level or a lower read mark is not an event.
 */
function messageEventOf(
  before: ConversationSummary | undefined,
  summary: ConversationSummary,
  { blocks }: NotificationSource,
): MessageNotificationEvent | undefined {
  const { conversation, badge } = summary;
  const count = badge - (before?.badge ?? 0);
  if (count <= 0 || blocks.has(conversation.peerId ?? '')) return undefined;
  const { id: conversationId, kind: conversationKind, slug, seq } = conversation;
  const range = { after: before?.conversation.seq ?? 0, through: seq };
  const said = notifyingMessagesIn(summary, range);
  return said && { ...said, count, conversationId, conversationKind, ...(slug !== undefined && { slug }), ...range };
}

/** Returns the messages of a range that still notify; undefined once they are read, deleted or muted. */
function notifyingMessagesIn(
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

/** Returns the seqs of unread mentions, without those by users known to be blocked. */
export function unblockedMentions({ arrivals, mentions, last }: ConversationSummary): readonly number[] {
  const lowestKnown = arrivals[0]?.seq ?? last?.seq ?? Infinity;
  return mentions.filter((seq) => seq < lowestKnown || arrivals.some((arrival) => arrival.seq === seq));
}

/**
 * Returns the current version of an event: with edited text, or undefined once it was deleted, read, answered or
 * blocked. Returns the same object if nothing changed.
 */
export function refreshEvent(event: NotificationEvent, view: NotificationSource): NotificationEvent | undefined {
  if (!isMessageEvent(event)) return isStanding(event, view) ? event : undefined;
  const summary = view.conversations.get(event.conversationId);
  const said = summary && notifyingMessagesIn(summary, event);
  if (!said || view.blocks.has(summary.conversation.peerId ?? '')) return undefined;
  const count = Math.min(said.count, event.count);
  const isSame =
    count === event.count &&
    said.kind === event.kind &&
    said.last?.userId === event.last?.userId &&
    said.last?.text === event.last?.text;
  const { last: _, ...rest } = event;
  return isSame ? event : { ...rest, ...said, count };
}

function isStanding(
  event: Exclude<NotificationEvent, MessageNotificationEvent>,
  { friends, blocks, invitations }: NotificationSource,
): boolean {
  if (blocks.has(event.userId)) return false;
  if (event.kind === 'invitation') return invitations.has(event.conversationId);
  return friends.get(event.userId)?.state === (event.kind === 'request' ? 'received' : 'friend');
}

/** Translation key and parameters of a notification, and the link of its "Open" button. */
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
  /** Set if all events belong to one conversation and the text names it. */
  conversationId?: string;
  text: string;
  count: number;
  link: readonly string[];
}

/** Returns one notification for all events that were not looked at yet; undefined for none. */
export function summarizeEvents(events: readonly NotificationEvent[]): NotificationSummary | undefined {
  const last = events.at(-1);
  if (!last) return undefined;
  const count = events.reduce((sum, item) => sum + ('count' in item ? item.count : 1), 0);
  const messages = events.filter(isMessageEvent);
  if (isMessageEvent(last) && messages.length === events.length) return summarizeMessageEvents(messages, last, count);
  const summary = { ...summaryTarget(last), count };
  if (events.some(({ kind }) => kind !== last.kind)) return { ...summary, key: 'several' };
  if (count === 1) return { ...summary, key: last.kind };
  return { ...summary, key: last.kind === 'request' ? 'requests' : 'several' };
}

function summarizeMessageEvents(
  messages: readonly MessageNotificationEvent[],
  last: MessageNotificationEvent,
  count: number,
): NotificationSummary {
  const summary = { ...summaryTarget(last), count };
  const isOne = messages.every(({ conversationId }) => conversationId === last.conversationId);
  if (!isOne) return { ...summary, key: 'messages', link: [messages.every(isRoomEvent) ? '/rooms' : '/chats'] };
  const isDirect = last.conversationKind === 'direct';
  if (count > 1) return { ...summary, key: isDirect ? 'messagesOf' : 'messagesIn' };
  if (!last.last) return { ...summary, key: 'mentionIn' };
  if (isDirect) return { ...summary, key: 'message' };
  return { ...summary, key: last.kind === 'mention' ? 'mention' : 'messageIn' };
}

/** Returns the person, conversation, text and link of an event. */
function summaryTarget(
  event: NotificationEvent,
): Pick<NotificationSummary, 'userId' | 'conversationId' | 'text' | 'link'> {
  if (isMessageEvent(event)) {
    const { conversationId, conversationKind, slug, last } = event;
    const link = conversationLink({ id: conversationId, kind: conversationKind, slug });
    return { conversationId, text: last?.text ?? '', link, ...(last && { userId: last.userId }) };
  }
  const { userId } = event;
  if (event.kind === 'invitation')
    return { userId, conversationId: event.conversationId, text: '', link: [isRoomEvent(event) ? '/rooms' : '/chats'] };
  return { userId, text: '', link: ['/friends'] };
}

/** Returns true for events of rooms, which are listed under rooms and not under chats. */
export function isRoomEvent(event: NotificationEvent): boolean {
  return isMessageEvent(event)
    ? event.conversationKind === 'room'
    : event.kind === 'invitation' && event.slug !== undefined;
}

function isMessageEvent(event: NotificationEvent): event is MessageNotificationEvent {
  return event.kind === 'message' || event.kind === 'mention';
}
