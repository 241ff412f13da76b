// An entrance of its own: what comes through the library's first one is part of the first load.
export { ConversationLines, type Farewell } from './conversation-lines';
export { FriendPicker } from './friend-picker';
export { InvitationCard } from './invitation-card';
export { MemberAct, MemberFrame } from './member-frame';
export { MessagePlaces } from './message-places';
export { injectTask, type Task } from './task';
