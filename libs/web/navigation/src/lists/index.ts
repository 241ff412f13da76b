// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { ConversationList, type RemovalCommand } from './conversation-list';
export { FriendPicker } from './friend-picker';
export { InvitationCard } from './invitation-card';
