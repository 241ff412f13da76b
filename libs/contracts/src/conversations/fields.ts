import * as z from 'zod';
import { Seq, Time } from '../scalars';

/** Emoji of a stored reaction. Not validated: an older release may have accepted more emoji. */
export const StoredEmoji = z.string().meta({ description: 'One emoji.', example: '🎉' });

/** Notification level of a conversation: all messages, only those that mention the reader, or none. */
export const NoticeLevel = z.enum(['all', 'mentions', 'none']);
export type NoticeLevel = z.infer<typeof NoticeLevel>;

/** Fields of a conversation that belong to one user: its place in the user's list and its notification level. */
export const listFields = {
  pinnedAt: Time.optional().meta({ description: 'Pinned to the top of the list since.' }),
  archivedSeq: Seq.optional().meta({ description: 'Put away until a message above this seq comes.' }),
  notices: NoticeLevel.optional().meta({ description: 'Absent: everything, and in the lobby only mentions.' }),
  quietUntil: Time.optional().meta({ description: 'Until then only mentions count, whatever `notices` says.' }),
};
