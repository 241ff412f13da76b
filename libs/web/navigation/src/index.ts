export { ActiveConversation } from './active-conversation';
export { conversationLink } from './conversation-link';
export { ConversationTitles } from './conversation-titles';
export { listConversations } from './list-conversations';
export { NotificationLevelOverlay } from './notification-level-overlay';
export { SearchOverlay, type SearchRequest } from './search-overlay';
export { SwitcherOverlay } from './switcher/switcher-overlay';
