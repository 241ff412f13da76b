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
  { message, isMine }: MessageRow['line'],
  conversation: Pick<Conversation, 'kind' | 'role' | 'archivedAt'>,
  closing: Closing | undefined,
): MessageCommand[] {
  const isStored = message.rev > 0;
  const isOpen = closing === undefined;
  const looksAfter = (conversation.kind === 'room' || conversation.kind === 'lobby') && conversation.role !== 'member';
  return [
    ...(isStored && mayReact(closing) ? (['pick'] as const) : []),
    'copy',
    ...(isStored && isOpen && mayPin(conversation)
      ? ([message.pinnedAt === undefined ? 'pin' : 'unpin'] as const)
      : []),
    ...(isMine ? [] : (['person'] as const)),
    ...(isMine && isStored && isOpen ? (['edit'] as const) : []),
    ...((isMine || looksAfter) && isStored && closing?.reason !== 'archived' ? (['delete'] as const) : []),
  ];
}
