import * as z from 'zod';
import { limits } from '../limits';
import { request } from '../request-row';
import { Id, Rev } from '../scalars';
import { SyncReply } from './resources';

/** Adds an issue for each repeated conversation, since each entry costs a read. */
function requireDistinct(asked: readonly { conversationId: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [n, { conversationId }] of asked.entries()) {
    if (seen.has(conversationId))
      context.addIssue({ code: 'custom', message: 'must not repeat a conversation', path: [n, 'conversationId'] });
    seen.add(conversationId);
  }
}

/** Requests that bring a device up to date. */
export const syncRequests = {
  'feed:sync': request({
    work: 'read',
    summary: 'Get all changes after the given cursors. Returns a snapshot (`reset`) where that is cheaper.',
    payload: z.object({
      epoch: z.string().max(64).optional(),
      personal: Rev.optional(),
      conversations: z
        .array(z.object({ conversationId: Id, rev: Rev }))
        .max(limits.syncConversations)
        .superRefine(requireDistinct)
        .default([]),
    }),
    reply: SyncReply,
    errors: [],
  }),
} as const;
