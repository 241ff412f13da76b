import type { MessageCommands } from '../view';
import type { Dispatch } from './core-runner';

/** Commands on messages. Each is one event of the core. `nextId` returns a UUIDv7 above those before. */
export function messageCommands(dispatch: Dispatch, nextId: () => string): MessageCommands {
  return {
    send(conversationId, body, more = {}) {
      const id = nextId();
      dispatch({ type: 'send', conversationId, id, body, ...more });
      return id;
    },
    edit: (conversationId, messageId, body) =>
      dispatch({ type: 'edit', conversationId, messageId, entryId: nextId(), body }),
    remove: (conversationId, messageId) => dispatch({ type: 'remove', conversationId, messageId, entryId: nextId() }),
    undoRemove: (entryId) => dispatch({ type: 'undoRemove', entryId }),
    react: (conversationId, messageId, emoji, on) =>
      dispatch({ type: 'react', conversationId, messageId, entryId: nextId(), emoji, on }),
    retry: (entryId) => dispatch({ type: 'retry', entryId }),
    discard: (entryId) => dispatch({ type: 'discard', entryId }),
  };
}
