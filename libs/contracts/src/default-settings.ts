import type { ConversationKind, NoticeLevel, PersonalSettings } from './resources';

/** As everyone has them before changing them. In a file without schemas, which pages would get along with it. */
export const defaultSettings: PersonalSettings = {
  whoMayMessage: 'friends',
  acceptsRequests: true,
  appearsOffline: false,
  showsLastSeen: true,
  sendsReceipts: true,
};

/** How much of a conversation of this kind counts before its reader says otherwise: strangers in a crowd are no news. */
export const defaultNotices = (kind: ConversationKind): NoticeLevel => (kind === 'lobby' ? 'mentions' : 'all');
