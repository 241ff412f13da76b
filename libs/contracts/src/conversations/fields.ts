import * as z from 'zod';
import { Seq, Time } from '../scalars';

/** Emoji of a stored reaction. Not validated: an older release may have accepted more emoji. */
export const StoredEmoji = z.string().meta({ description: 'A single emoji.', example: '🎉' });

/** Notification level of a conversation: all messages, only those that mention the reader, or none. */
export const NoticeLevel = z.enum(['all', 'mentions', 'none']);
export type NoticeLevel = z.infer<typeof NoticeLevel>;

/** Fields of a conversation that belong to one user: its place in the user's list and its notification level. */
export const listFields = {
  pinnedAt: Time.optional().meta({ description: 'Time at which you pinned the conversation to the top of the list.' }),
  archivedSeq: Seq.optional().meta({ description: 'Archived until a message above this seq arrives.' }),
  notices: NoticeLevel.optional().meta({ description: 'Notification level. Default: `all`, in the lobby `mentions`.' }),
  quietUntil: Time.optional().meta({ description: 'Until this time, only mentions notify, regardless of `notices`.' }),
};
