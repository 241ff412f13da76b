import type { Conversation } from '@cloudhop/contracts';
import type { MessageCommand, MessageRow } from '@cloudhop/web/ui';
import { canPin } from '../pins/can-pin';
import type { WriteRestriction } from '../composer/write-restriction';

/** Returns true where reactions are allowed, including announcement rooms where members can't write. */
function canReact(restriction: WriteRestriction | undefined): boolean {
  return restriction === undefined || restriction.reason === 'announcement';
}

/** Returns the commands offered for a message, by its author and the user's rights in the conversation. */
export function messageCommands(
  { message, isMine, status }: MessageRow['line'],
  conversation: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>,
  restriction: WriteRestriction | undefined,
): MessageCommand[] {
  const isStored = message.rev > 0;
  const isOpen = restriction === undefined;
  const isPublic = conversation.kind === 'room' || conversation.kind === 'lobby';
  const looksAfter = isPublic && conversation.role !== 'member';
  // Editing a failed message replaces it before it is sent again.
  const mayEdit = isMine && isOpen && (isStored || status === 'failed');
  const maySeeEdits = message.editedAt !== undefined && (isMine || conversation.role !== 'member');
  return [
    ...(isStored && isOpen ? (['reply'] as const) : []),
    ...(isStored && canReact(restriction) ? (['pick'] as const) : []),
    ...(mayEdit ? (['edit'] as const) : []),
    'copy',
    ...(isStored ? (['forward'] as const) : []),
    ...(isStored && isOpen && canPin(conversation)
      ? ([message.pinnedAt === undefined ? 'pin' : 'unpin'] as const)
      : []),
    ...(isStored ? (['link'] as const) : []),
    ...(message.reactions.length > 0 ? (['reactions'] as const) : []),
    ...(isStored && maySeeEdits ? (['edits'] as const) : []),
    ...(isMine ? [] : (['person'] as const)),
    ...((isMine || looksAfter) && isStored && restriction?.reason !== 'archived' ? (['delete'] as const) : []),
  ];
}
