import type { LastMessage } from '@cloudhop/contracts';
import type { ConversationSummary } from '@cloudhop/sdk';
import { unblockedMentions, type NotificationSource } from './notification-events';

/** Subject of a notification: a conversation, a friend request or an invitation. */
export interface Subject {
  key: string;
  /** Latest position of the subject. Never decreases. */
  head: number;
  /** Position of the latest event that notifies the user; 0 if there is none. */
  latest: number;
  /** Text of that event. A notification whose text changed is shown again. */
  text: string;
  /** True if anything in the subject is still unread or unanswered. */
  isWaiting: boolean;
}

/** Content of a shown notification. */
interface ShownNotification {
  upTo: number;
  text: string;
}

/** Browser notifications that should be visible: at most one per subject, by its key. */
export interface BrowserNotificationState {
  /** Position of each subject when it was last looked at. */
  readonly looked: ReadonlyMap<string, number>;
  /** Shown notification by subject. */
  readonly shown: ReadonlyMap<string, ShownNotification>;
}

interface Looking {
  /** True while the page is visible. */
  isVisible: boolean;
  isOpen: (key: string) => boolean;
}

/** Returns the state for a page that was just opened: existing events do not notify. */
export function initialNotificationState(subjects: readonly Subject[]): BrowserNotificationState {
  return { looked: new Map(subjects.map(({ key, head }) => [key, head])), shown: new Map() };
}

/**
 * Returns the next state. A subject that changes while the page is hidden has a notification until it is looked at, on
 * any device, or deleted. Changes while the page is visible are left to the in-app notifications.
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
    // Events that did not notify on arrival don't notify later when the level is raised.
    looked.set(key, shown.has(key) ? upTo : Math.max(upTo, head));
  }
  return { looked, shown };
}

/** Returns all subjects that can have a notification. */
export function notificationSubjects({ friends, blocks, invitations, conversations }: NotificationSource): Subject[] {
  const subjects: Subject[] = [];
  for (const summary of conversations.values()) {
    const { id: key, seq: head, peerId } = summary.conversation;
    const calling = notifyingMessage(summary);
    const isWaiting = summary.badge > 0 && !blocks.has(peerId ?? '');
    subjects.push({ key, head, latest: calling?.seq ?? 0, text: calling?.body ?? '', isWaiting });
  }
  // A request or invitation either exists or not; sent again after a withdrawal, it notifies again.
  const once = { head: 1, latest: 1, text: '' };
  for (const { userId, state } of friends.values())
    if (state === 'received') subjects.push({ key: requestKey(userId), ...once, isWaiting: !blocks.has(userId) });
  for (const [id, { invitedBy }] of invitations)
    subjects.push({ key: invitationKey(id), ...once, isWaiting: !blocks.has(invitedBy) });
  return subjects;
}

/** Returns the message that a conversation's notification shows; without author and body if it is not loaded. */
export function notifyingMessage(summary: ConversationSummary): (Partial<LastMessage> & { seq: number }) | undefined {
  const { arrivals, notices } = summary;
  if (notices === 'all') return arrivals.at(-1);
  const seq = notices === 'mentions' ? unblockedMentions(summary).at(-1) : undefined;
  return seq === undefined ? undefined : (arrivals.find((arrival) => arrival.seq === seq) ?? { seq });
}

export const requestKey = (userId: string): string => `request ${userId}`;
export const invitationKey = (conversationId: string): string => `invitation ${conversationId}`;
