// An entrance of its own: what comes through the library's first one is part of the first load.
export { ConversationList, type RemovalCommand } from './conversation-list';
export { FriendPicker } from './friend-picker';
export { InvitationCard } from './invitation-card';
