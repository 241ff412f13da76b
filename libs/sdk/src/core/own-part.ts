import type { Conversation } from '@cloudhop/contracts';

/** What a conversation is to its reader alone: told by the personal feed. */
export type OwnPart = Pick<Conversation, 'role' | 'mutedUntil' | 'pinnedAt' | 'archivedSeq'>;

/** The conversation with another own part. */
export function withOwnPart(
  conversation: Conversation,
  { role, mutedUntil, pinnedAt, archivedSeq }: OwnPart,
): Conversation {
  const { mutedUntil: _muted, pinnedAt: _pinned, archivedSeq: _archived, ...rest } = conversation;
  return {
    ...rest,
    role,
    ...(mutedUntil !== undefined && { mutedUntil }),
    ...(pinnedAt !== undefined && { pinnedAt }),
    ...(archivedSeq !== undefined && { archivedSeq }),
  };
}
