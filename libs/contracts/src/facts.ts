import type * as z from 'zod';
import { authFacts } from './auth/facts';
import { connectionFacts } from './connection/facts';
import { conversationFacts } from './conversations/facts';
import { presenceFacts } from './presence/facts';
import { syncFacts } from './sync/facts';

/** Every event that the server sends to a socket without a request. */
export const facts = {
  ...conversationFacts,
  ...syncFacts,
  ...presenceFacts,
  ...authFacts,
  ...connectionFacts,
} as const;

export type FactName = keyof typeof facts;

export type FactPayload<N extends FactName> = z.output<(typeof facts)[N]['payload']>;
