import * as z from 'zod';
import { Seq, Time } from '../scalars';

/** Stored emoji: the set that may be sent can have shrunk since. */
export const StoredEmoji = z.string().meta({ description: 'One emoji.', example: '🎉' });

/** What of a conversation counts and is told: everything, only what names the reader, or nothing. */
export const NoticeLevel = z.enum(['all', 'mentions', 'none']);
export type NoticeLevel = z.infer<typeof NoticeLevel>;

/** Where one person keeps a conversation in their list, and how much they want to hear of it. */
export const listFields = {
  pinnedAt: Time.optional().meta({ description: 'Pinned to the top of the list since.' }),
  archivedSeq: Seq.optional().meta({ description: 'Put away until a message above this seq comes.' }),
  notices: NoticeLevel.optional().meta({ description: 'Absent: everything, and in the lobby only mentions.' }),
  quietUntil: Time.optional().meta({ description: 'Until then only mentions count, whatever `notices` says.' }),
};
