import type { Conversation } from '@cloudhop/contracts';

/** Fields of a conversation that differ by reader. The personal feed carries them. */
export type OwnPart = Pick<Conversation, 'role' | 'mutedUntil' | 'pinnedAt' | 'archivedSeq' | 'notices' | 'quietUntil'>;

/** Returns the conversation with another own part. */
export function withOwnPart(conversation: Conversation, own: OwnPart): Conversation {
  const { mutedUntil: _m, pinnedAt: _p, archivedSeq: _a, notices: _n, quietUntil: _q, ...rest } = conversation;
  const { role, mutedUntil, pinnedAt, archivedSeq, notices, quietUntil } = own;
  return {
    ...rest,
    role,
    ...(mutedUntil !== undefined && { mutedUntil }),
    ...(pinnedAt !== undefined && { pinnedAt }),
    ...(archivedSeq !== undefined && { archivedSeq }),
    ...(notices !== undefined && { notices }),
    ...(quietUntil !== undefined && { quietUntil }),
  };
}
