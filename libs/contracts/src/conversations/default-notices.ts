import type { ConversationKind } from './conversation';
import type { NoticeLevel } from './fields';

/** How much of a conversation of this kind counts before its reader says otherwise: strangers in a crowd are no news. */
export const defaultNotices = (kind: ConversationKind): NoticeLevel => (kind === 'lobby' ? 'mentions' : 'all');
