import * as z from 'zod';
import { ClientId, Id, Rev, Seq, Time } from '../scalars';
import { StoredEmoji } from './fields';

export const Reaction = z.object({ emoji: StoredEmoji, count: z.int().min(1) }).meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof Reaction>;

/** Reaction of the requesting user. Sent beside the messages, whose bytes are the same for all readers. */
export const OwnReaction = z.object({ seq: Seq, emoji: StoredEmoji }).meta({ id: 'OwnReaction' });
export type OwnReaction = z.infer<typeof OwnReaction>;

export const Attachment = z.object({ id: Id, kind: z.string() }).meta({
  id: 'Attachment',
  description: 'A file attached to a message. Reserved: the list of attachments is always empty.',
});
export type Attachment = z.infer<typeof Attachment>;

/** Excerpt of the message that a reply answers. */
export const Quote = z
  .object({
    seq: Seq.meta({ description: 'Seq of the quoted message.' }),
    rev: Rev.meta({ description: 'Rev of the quoted message. The higher one is the newer.' }),
    authorId: Id,
    body: z.string().meta({ description: 'First characters of the text. Empty if the message is deleted.' }),
    isDeleted: z.literal(true).optional(),
  })
  .meta({ id: 'Quote', description: 'Excerpt of the message that a reply refers to.' });
export type Quote = z.infer<typeof Quote>;

export const LinkPreview = z
  .object({
    url: z.string().meta({ description: 'URL as it appears in the message.', example: 'https://example.org/trails' }),
    title: z.string().meta({ example: 'Trails within two hours' }),
    description: z.string().optional(),
    site: z.string().optional(),
  })
  .meta({
    id: 'LinkPreview',
    description: 'Preview of a linked page, from the metadata that the server has fetched.',
  });
export type LinkPreview = z.infer<typeof LinkPreview>;

export const Message = z
  .object({
    conversationId: Id,
    id: ClientId,
    seq: Seq,
    rev: Rev,
    authorId: Id,
    body: z
      .string()
      .meta({ description: 'Text of the message. Empty if it is deleted.', example: '大家好！第一次來 🌷' }),
    createdAt: Time,
    editedAt: Time.optional(),
    mentionKeys: z.array(z.string()).optional().meta({
      description:
        'Edited messages only: keys of the mentions that still notify (case-folded, without @). An edit never notifies additional users.',
    }),
    deletedAt: Time.optional(),
    pinnedAt: Time.optional().meta({
      description: 'Time at which the message was pinned for everyone in the conversation.',
    }),
    replyTo: ClientId.optional().meta({
      description: 'Id of the message in this conversation that this one replies to.',
    }),
    quote: Quote.optional().meta({
      description:
        'Current excerpt of the message that this one replies to. Absent once that message is no longer available. Updates do not change the rev of this message.',
    }),
    isForwarded: z.literal(true).optional().meta({ description: 'The message was forwarded.' }),
    preview: LinkPreview.optional(),
    reactions: z.array(Reaction).meta({ description: 'Sorted by code point of the emoji.' }),
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
  .object({ userId: Id, body: z.string(), at: Time.meta({ description: 'Time at which this text was written.' }) })
  .meta({ id: 'MessageEdit' });
export type MessageEdit = z.infer<typeof MessageEdit>;
