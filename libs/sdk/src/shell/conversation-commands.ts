import type { Conversation } from '@cloudhop/contracts';
import type { ConversationCommands, ServerRequests } from '../view';
import type { CoreRunner } from './core-runner';

/** Commands on conversations: the view of one, and ways into and out of one. */
export function conversationCommands(
  core: CoreRunner,
  nextId: () => string,
  requests: ServerRequests,
): ConversationCommands {
  const { dispatch } = core;
  const open = (conversationId: string) => dispatch({ type: 'open', conversationId });
  /** Makes a request whose reply says that the user is in a conversation, and opens that. */
  const enter = async (request: Promise<Conversation>): Promise<Conversation> => {
    const asker = core.state.account.userId;
    const conversation = await request;
    // Without a user at the time of the request, its reply is for the first one.
    const userId = asker ?? core.state.account.userId;
    open(conversation.id);
    dispatch({ type: 'joined', userId, conversation });
    return conversation;
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
      const conversation = await enter(requests.call('conversations.direct', { body: { userId } }));
      return conversation.id;
    },
    async createGroup({ userIds, ...group }) {
      const body = { id: nextId(), ...group, userIds: [...userIds] };
      const conversation = await enter(requests.call('groups.create', { body }));
      return conversation.id;
    },
    async joinGroup(id) {
      await enter(requests.call('groups.join', { params: { id } }));
    },
    async createRoom(room) {
      const conversation = await enter(requests.call('rooms.create', { body: { id: nextId(), ...room } }));
      return { id: conversation.id, slug: conversation.slug ?? '' };
    },
    async joinRoom(slug, invite) {
      const conversation = await enter(requests.ask('room:join', { slug, ...(invite !== undefined && { invite }) }));
      return conversation.id;
    },
    async leaveRoom(conversationId) {
      await requests.ask('room:leave', { slug: conversationId });
    },
  };
}
