import * as z from 'zod';
import { User } from '../auth/resources';
import { Message } from './messages';
import { HistoryReply } from './replies';

export const MessagePage = z
  .object({
    items: HistoryReply.shape.messages,
    nextCursor: z.string().optional().meta({ description: 'Cursor of the previous page. Pass it as `before`.' }),
    users: HistoryReply.shape.users,
    mine: HistoryReply.shape.mine,
    rev: HistoryReply.shape.rev,
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

const TextRange = z.object({ from: z.int().min(0), to: z.int().min(0) });

export const SearchHit = z
  .object({
    message: Message,
    excerpt: z.object({
      text: z.string().meta({ description: 'Part of the text around the first match.', example: '…週末去上海' }),
      marks: z
        .array(TextRange)
        .meta({ description: 'Matches, as offsets into the excerpt in UTF-16 code units. `to` is exclusive.' }),
    }),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchPage = z
  .object({
    items: z.array(SearchHit).meta({ description: 'Hits, newest first.' }),
    users: z.array(User),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'SearchPage' });
export type SearchPage = z.infer<typeof SearchPage>;
