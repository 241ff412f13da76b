import type { Conversation } from '@cloudhop/contracts';
import type { MessageCommand, MessageRow } from '@cloudhop/web/ui';
import { canPin } from '../pins/can-pin';
import type { WriteRestriction } from '../composer/write-restriction';

/** Whether reactions can be made: also where one does not write. */
export function canReact(restriction: WriteRestriction | undefined): boolean {
  return restriction === undefined || restriction.reason === 'announcement';
}

/** What can be done with a line, by whom it is and by what one may do here. */
export function messageCommands(
  { message, isMine, status }: MessageRow['line'],
  conversation: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>,
  restriction: WriteRestriction | undefined,
): MessageCommand[] {
  const isStored = message.rev > 0;
  const isOpen = restriction === undefined;
  const isPublic = conversation.kind === 'room' || conversation.kind === 'lobby';
  const looksAfter = isPublic && conversation.role !== 'member';
  // What was not sent is said otherwise, in its place.
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
