/** Purpose of a request in flight. */
export type Pending =
  | { readonly kind: 'sync'; readonly conversationIds: readonly string[]; readonly sentAt: number }
  /** `personalRev`: the reply is as of this rev or later. */
  | { readonly kind: 'open'; readonly conversationId: string; readonly personalRev?: number | undefined }
  | { readonly kind: 'draft'; readonly conversationId: string; readonly body: string }
  | { readonly kind: 'page' | 'jumpWindow'; readonly conversationId: string }
  | { readonly kind: 'entry'; readonly entryId: string; readonly conversationId: string }
  | { readonly kind: 'read'; readonly conversationId: string }
  | { readonly kind: 'lookup' | 'renew' | 'hide' | 'typing' }
  | { readonly kind: 'count'; readonly conversationId: string };

/** Requests in flight, and the budget for further ones. */
export interface RequestsState {
  readonly pending: ReadonlyMap<number, Pending>;
  /** Number of the latest request. */
  readonly last: number;
  /** Requests that may leave now, counted at `at`. */
  readonly budget: { readonly tokens: number; readonly at: number };
}

export const initialRequests: RequestsState = { pending: new Map(), last: 0, budget: { tokens: 20, at: 0 } };

/** Times before which marks and drafts of a conversation are not sent again. */
export interface PacingState {
  readonly readAt: ReadonlyMap<string, number>;
  readonly draftAt: ReadonlyMap<string, number>;
}

export const initialPacing: PacingState = { readAt: new Map(), draftAt: new Map() };
