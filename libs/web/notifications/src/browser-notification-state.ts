import type { LastMessage } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { unblockedMentions, type NotificationSource } from './notification-events';

/** Something that a notice can be summaryTarget: a conversation, a request, an invitation. */
export interface Subject {
  key: string;
  /** How far it has come; it only rises. */
  head: number;
  /** Where the latest thing in it stands that calls for the person; 0 where nothing does. */
  latest: number;
  /** The words of that thing: a notice of other words is shown anew. */
  text: string;
  /** Whether anything in it waits for the person. */
  isWaiting: boolean;
}

/** What a notice on screen shows. */
export interface ShownNotification {
  upTo: number;
  text: string;
}

/** The notices that belong on screen outside the page: at most one of each subject, by its key. */
export interface BrowserNotificationState {
  /** How far each subject had come when it was last looked at. */
  readonly looked: ReadonlyMap<string, number>;
  /** What there is a notice of, and what it shows. */
  readonly shown: ReadonlyMap<string, ShownNotification>;
}

interface Looking {
  /** Whether the page is on screen. */
  isVisible: boolean;
  isOpen: (key: string) => boolean;
}

/** What was there when the page opened is known, and no news. */
export function initialNotificationState(subjects: readonly Subject[]): BrowserNotificationState {
  return { looked: new Map(subjects.map(({ key, head }) => [key, head])), shown: new Map() };
}

/**
 * There is a notice of what came while the page was hidden, until it is looked at, here or on another device, or is
 * deleted. What comes while the page is visible is told inside it.
 */
export function nextNotificationState(
  before: BrowserNotificationState,
  subjects: readonly Subject[],
  looking: Looking,
): BrowserNotificationState {
  const looked = new Map<string, number>();
  const shown = new Map<string, ShownNotification>();
  for (const { key, head, latest, text, isWaiting } of subjects) {
    const was = before.shown.get(key);
    const upTo = before.looked.get(key) ?? 0;
    const isCalling = isWaiting && latest > upTo;
    const isLooked = looking.isVisible && (looking.isOpen(key) || was === undefined);
    if (isCalling && !isLooked)
      shown.set(key, was?.upTo === latest && was.text === text ? was : { upTo: latest, text });
    // What did not call when it came is no news when more of it counts later.
    looked.set(key, shown.has(key) ? upTo : Math.max(upTo, head));
  }
  return { looked, shown };
}

/** Everything in the view that there can be a notice of. */
export function notificationSubjects({ friends, blocks, invitations, conversations }: NotificationSource): Subject[] {
  const subjects: Subject[] = [];
  for (const summary of conversations.values()) {
    const { id: key, seq: head, peerId } = summary.conversation;
    const calling = notifyingMessage(summary);
    const isWaiting = summary.badge > 0 && !blocks.has(peerId ?? '');
    subjects.push({ key, head, latest: calling?.seq ?? 0, text: calling?.body ?? '', isWaiting });
  }
  // Both are there or not: when one is withdrawn and comes again, it is news again.
  const once = { head: 1, latest: 1, text: '' };
  for (const { userId, state } of friends.values())
    if (state === 'received') subjects.push({ key: requestKey(userId), ...once, isWaiting: !blocks.has(userId) });
  for (const [id, { invitedBy }] of invitations)
    subjects.push({ key: invitationKey(id), ...once, isWaiting: !blocks.has(invitedBy) });
  return subjects;
}

/** Returns what a notice of a conversation is summaryTarget; without its author and words where those are not loaded. */
export function notifyingMessage(summary: ConversationSummary): (Partial<LastMessage> & { seq: number }) | undefined {
  const { arrivals, notices } = summary;
  if (notices === 'all') return arrivals.at(-1);
  const seq = notices === 'mentions' ? unblockedMentions(summary).at(-1) : undefined;
  return seq === undefined ? undefined : (arrivals.find((arrival) => arrival.seq === seq) ?? { seq });
}

export const requestKey = (userId: string): string => `request ${userId}`;
export const invitationKey = (conversationId: string): string => `invitation ${conversationId}`;
