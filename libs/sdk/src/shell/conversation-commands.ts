import type { ConversationCommands, ServerRequests } from '../view';
import type { Dispatch } from './core-runner';

/** Commands on conversations: the view of one, and ways into and out of one. */
export function conversationCommands(
  dispatch: Dispatch,
  nextId: () => string,
  { ask, call }: ServerRequests,
): ConversationCommands {
  const open = (conversationId: string) => dispatch({ type: 'open', conversationId });
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
      const { id } = await call('conversations.direct', { body: { userId } });
      open(id);
      return id;
    },
    async createGroup({ userIds, ...group }) {
      const { id } = await call('groups.create', { body: { id: nextId(), ...group, userIds: [...userIds] } });
      open(id);
      return id;
    },
    async joinGroup(id) {
      await call('groups.join', { params: { id } });
      open(id);
    },
    async createRoom(room) {
      const { id, slug = '' } = await call('rooms.create', { body: { id: nextId(), ...room } });
      open(id);
      return { id, slug };
    },
    async joinRoom(slug, invite) {
      const { id } = await ask('room:join', { slug, ...(invite !== undefined && { invite }) });
      open(id);
      return id;
    },
    async leaveRoom(conversationId) {
      await ask('room:leave', { slug: conversationId });
    },
  };
}
