import * as z from 'zod';
import { User } from '../auth/resources';
import { Message } from './messages';
import { HistoryReply } from './replies';

export const MessagePage = z
  .object({
    items: HistoryReply.shape.messages,
    nextCursor: z.string().optional().meta({ description: 'Give it as `before` to read the page before this one.' }),
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
      text: z.string().meta({ description: 'The part of the text around the first match.', example: '…週末去上海' }),
      marks: z
        .array(TextRange)
        .meta({ description: 'What matched, in UTF-16 units of the excerpt; `to` is exclusive.' }),
    }),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchPage = z
  .object({
    items: z.array(SearchHit).meta({ description: 'Newest first.' }),
    users: z.array(User),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'SearchPage' });
export type SearchPage = z.infer<typeof SearchPage>;
