import type { ConversationKind } from './conversation';
import type { NoticeLevel } from './fields';

/** Returns the notification level of a kind of conversation before its reader chooses one. In the lobby only mentions count. */
export const defaultNotices = (kind: ConversationKind): NoticeLevel => (kind === 'lobby' ? 'mentions' : 'all');
