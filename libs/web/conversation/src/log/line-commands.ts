import type { Conversation } from '@cloudhop/contracts';
import type { MessageCommand, MessageRow } from '@cloudhop/web/ui';
import { mayPin } from '../pins/may-pin';
import type { Closing } from './closing';

/** Whether reactions can be made: also where one does not write. */
export function mayReact(closing: Closing | undefined): boolean {
  return closing === undefined || closing.reason === 'announcement';
}

/** What can be done with a line, by whom it is and by what one may do here. */
export function commandsOf(
  { message, isMine, status }: MessageRow['line'],
  conversation: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>,
  closing: Closing | undefined,
): MessageCommand[] {
  const isStored = message.rev > 0;
  const isOpen = closing === undefined;
  const isPublic = conversation.kind === 'room' || conversation.kind === 'lobby';
  const looksAfter = isPublic && conversation.role !== 'member';
  // What was not sent is said otherwise, in its place.
  const mayEdit = isMine && isOpen && (isStored || status === 'failed');
  const maySeeEdits = message.editedAt !== undefined && (isMine || conversation.role !== 'member');
  return [
    ...(isStored && isOpen ? (['reply'] as const) : []),
    ...(isStored && mayReact(closing) ? (['pick'] as const) : []),
    ...(mayEdit ? (['edit'] as const) : []),
    'copy',
    ...(isStored ? (['forward'] as const) : []),
    ...(isStored && isOpen && mayPin(conversation)
      ? ([message.pinnedAt === undefined ? 'pin' : 'unpin'] as const)
      : []),
    ...(isStored ? (['link'] as const) : []),
    ...(message.reactions.length > 0 ? (['reactions'] as const) : []),
    ...(isStored && maySeeEdits ? (['edits'] as const) : []),
    ...(isMine ? [] : (['person'] as const)),
    ...((isMine || looksAfter) && isStored && closing?.reason !== 'archived' ? (['delete'] as const) : []),
  ];
}
