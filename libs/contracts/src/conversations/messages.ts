import * as z from 'zod';
import { ClientId, Id, Rev, Seq, Time } from '../scalars';
import { StoredEmoji } from './fields';

export const Reaction = z.object({ emoji: StoredEmoji, count: z.int().min(1) }).meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof Reaction>;

/** Reaction of the requesting user. Sent beside the messages, whose bytes are the same for all readers. */
export const OwnReaction = z.object({ seq: Seq, emoji: StoredEmoji }).meta({ id: 'OwnReaction' });
export type OwnReaction = z.infer<typeof OwnReaction>;

export const Attachment = z
  .object({ id: Id, kind: z.string() })
  .meta({ id: 'Attachment', description: 'A file of a message. Messages have none yet: the list is always empty.' });
export type Attachment = z.infer<typeof Attachment>;

/** Excerpt of the message that a reply answers. */
export const Quote = z
  .object({
    seq: Seq.meta({ description: 'Where it stands.' }),
    rev: Rev.meta({ description: 'As of when it is; of two the higher counts.' }),
    authorId: Id,
    body: z.string().meta({ description: 'Its beginning; empty once deleted.' }),
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'Quote', description: 'The message that another one answers.' });
export type Quote = z.infer<typeof Quote>;

export const LinkPreview = z
  .object({
    url: z.string().meta({ description: 'The address in the message.', example: 'https://example.org/trails' }),
    title: z.string().meta({ example: 'Trails within two hours' }),
    description: z.string().optional(),
    site: z.string().optional(),
  })
  .meta({
    id: 'LinkPreview',
    description: 'What the page says of itself to which a message links, as the server read it.',
  });
export type LinkPreview = z.infer<typeof LinkPreview>;

export const Message = z
  .object({
    conversationId: Id,
    id: ClientId,
    seq: Seq,
    rev: Rev,
    authorId: Id,
    body: z.string().meta({ description: 'Empty once deleted.', example: '大家好！第一次來 🌷' }),
    createdAt: Time,
    editedAt: Time.optional(),
    mentionKeys: z.array(z.string()).optional().meta({
      description:
        'Of an edited message: the names (@ left out, folded) by which it still notifies. An edit notifies nobody new.',
    }),
    deletedAt: Time.optional(),
    pinnedAt: Time.optional().meta({ description: 'Pinned for everybody in the conversation since.' }),
    replyTo: ClientId.optional().meta({ description: 'The message of this conversation that it answers.' }),
    quote: Quote.optional().meta({
      description:
        'What it answers, as that stands now; absent once that is gone. It changes without a rev of this message.',
    }),
    isForwarded: z.literal(true).optional().meta({ description: 'The words were said elsewhere before.' }),
    preview: LinkPreview.optional(),
    reactions: z.array(Reaction).meta({ description: 'By code point of the emoji.' }),
    attachments: z.array(Attachment),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Reply to a retry that arrives after the text of the message has expired. */
export const ExpiredMessage = z
  .object({ id: ClientId, seq: Seq, expired: z.literal(true) })
  .meta({ id: 'ExpiredMessage' });
export type ExpiredMessage = z.infer<typeof ExpiredMessage>;

/** One revision of the text of a message. */
export const MessageEdit = z
  .object({ userId: Id, body: z.string(), at: Time.meta({ description: 'When it was written.' }) })
  .meta({ id: 'MessageEdit' });
export type MessageEdit = z.infer<typeof MessageEdit>;
