import type { NewsView } from './news';

/** Something that a notice can be about: a conversation, a request, an invitation. */
export interface Subject {
  key: string;
  /** How far it has come; it only rises. */
  head: number;
  /** Where the latest thing in it stands that calls for the person; 0 where nothing does. */
  latest: number;
  /** Whether anything in it waits for the person. */
  isWaiting: boolean;
}

/** The notices that belong on screen outside the page: at most one of each subject, by its key. */
export interface NoticeBoard {
  /** How far each subject had come when it was last looked at. */
  readonly looked: ReadonlyMap<string, number>;
  /** What there is a notice of, and up to where. */
  readonly shown: ReadonlyMap<string, number>;
}

interface Looking {
  /** Whether the page is on screen. */
  isVisible: boolean;
  isOpen: (key: string) => boolean;
}

/** What was there when the page opened is known, and no news. */
export function firstBoard(subjects: readonly Subject[]): NoticeBoard {
  return { looked: new Map(subjects.map(({ key, head }) => [key, head])), shown: new Map() };
}

/**
 * There is a notice of what came while the page was hidden, until it is looked at, here or on another device. What comes
 * while the page is visible is told inside it.
 */
export function nextBoard(before: NoticeBoard, subjects: readonly Subject[], looking: Looking): NoticeBoard {
  const looked = new Map<string, number>();
  const shown = new Map<string, number>();
  for (const { key, head, latest, isWaiting } of subjects) {
    const was = before.shown.get(key);
    const upTo = before.looked.get(key) ?? 0;
    const isNew = latest > upTo;
    // Who is not heard may have said the last of it: what was called for before still is.
    const isCalling = isWaiting && (isNew || (was !== undefined && latest === 0));
    const isLooked = looking.isVisible && (looking.isOpen(key) || was === undefined);
    if (isCalling && !isLooked) shown.set(key, isNew ? latest : (was ?? 0));
    // What did not call when it came is no news when more of it counts later.
    looked.set(key, shown.has(key) ? upTo : Math.max(upTo, head));
  }
  return { looked, shown };
}

/** Everything in the view that there can be a notice of. */
export function subjectsOf({ me, friends, blocks, invitations, conversations }: NewsView): Subject[] {
  const subjects: Subject[] = [];
  for (const { conversation, last, notices, mentions, badge } of conversations.values()) {
    const { id: key, seq: head, peerId } = conversation;
    const isHeard = last && !last.isDeleted && last.authorId !== me && !blocks.has(last.authorId);
    const mention = mentions.at(-1) ?? 0;
    const isNamed = mention > 0 && (mention !== last?.seq || isHeard);
    const latest = notices === 'all' ? (isHeard ? last.seq : 0) : isNamed ? mention : 0;
    subjects.push({ key, head, latest, isWaiting: badge > 0 && !blocks.has(peerId ?? '') });
  }
  // Both are there or not: when one is withdrawn and comes again, it is news again.
  const once = { head: 1, latest: 1 };
  for (const { userId, state } of friends.values())
    if (state === 'received') subjects.push({ key: requestKey(userId), ...once, isWaiting: !blocks.has(userId) });
  for (const [id, { invitedBy }] of invitations)
    subjects.push({ key: invitationKey(id), ...once, isWaiting: !blocks.has(invitedBy) });
  return subjects;
}

export const requestKey = (userId: string): string => `request ${userId}`;
export const invitationKey = (conversationId: string): string => `invitation ${conversationId}`;
