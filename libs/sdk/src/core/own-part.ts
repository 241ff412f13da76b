import type { Conversation } from '@cloudhop/contracts';

/** What a conversation is to its reader alone: told by the personal feed. */
export type OwnPart = Pick<Conversation, 'role' | 'mutedUntil' | 'pinnedAt' | 'archivedSeq' | 'notices' | 'quietUntil'>;

/** The conversation with another own part. */
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
