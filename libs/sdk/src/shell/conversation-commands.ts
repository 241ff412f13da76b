import type { Conversation } from '@cloudhop/contracts';
import type { ConversationCommands, ServerRequests } from '../view';
import type { Dispatch } from './core-runner';

/** Commands on conversations: the view of one, and ways into and out of one. */
export function conversationCommands(
  dispatch: Dispatch,
  nextId: () => string,
  requests: ServerRequests,
): ConversationCommands {
  const open = (conversationId: string) => dispatch({ type: 'open', conversationId });
  const enter = (conversation: Conversation) => {
    dispatch({ type: 'joined', conversation });
    open(conversation.id);
  };
  return {
    open,
    close: (conversationId) => dispatch({ type: 'close', conversationId }),
    loadBefore: (conversationId) => dispatch({ type: 'loadBefore', conversationId }),
    loadAfter: (conversationId) => dispatch({ type: 'loadAfter', conversationId }),
    jumpTo: (conversationId, seq) => dispatch({ type: 'jumpTo', conversationId, seq }),
    jumpToLatest: (conversationId) => dispatch({ type: 'jumpToLatest', conversationId }),
    markRead: (conversationId, seq) => dispatch({ type: 'markRead', conversationId, seq }),
    setDraft: (conversationId, body) => dispatch({ type: 'setDraft', conversationId, body }),
    setTyping: (conversationId, isTyping) => dispatch({ type: 'setTyping', conversationId, isTyping }),
    async openDirect(userId) {
      const conversation = await requests.call('conversations.direct', { body: { userId } });
      enter(conversation);
      return conversation.id;
    },
    async createGroup({ userIds, ...group }) {
      const body = { id: nextId(), ...group, userIds: [...userIds] };
      const conversation = await requests.call('groups.create', { body });
      enter(conversation);
      return conversation.id;
    },
    async joinGroup(id) {
      enter(await requests.call('groups.join', { params: { id } }));
    },
    async createRoom(room) {
      const conversation = await requests.call('rooms.create', { body: { id: nextId(), ...room } });
      enter(conversation);
      return { id: conversation.id, slug: conversation.slug ?? '' };
    },
    async joinRoom(slug, invite) {
      const conversation = await requests.ask('room:join', { slug, ...(invite !== undefined && { invite }) });
      enter(conversation);
      return conversation.id;
    },
    async leaveRoom(conversationId) {
      await requests.ask('room:leave', { slug: conversationId });
    },
  };
}
