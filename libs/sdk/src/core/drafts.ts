import { limits, usableText, type Draft, type RequestReply } from '@cloudhop/contracts';
import { backoffMs, withKey, withoutKey, type Context } from './context';
import type { Outcome } from './events';
import type { DraftState, State } from './state';

/** Returns a draft as it is shown: the local text, or else the one of another device. */
export function draftOf(state: State, conversationId: string): string {
  const draft = state.personal.drafts.get(conversationId);
  return draft?.local?.body ?? draft?.body ?? '';
}

export function onSetDraft(ctx: Context, conversationId: string, body: string): void {
  const { personal } = ctx.state;
  // The same text again is a new draft.
  if (personal.saidDrafts.has(conversationId))
    ctx.set({ personal: { ...personal, saidDrafts: withoutKey(personal.saidDrafts, conversationId) } });
  writeDraft(ctx, conversationId, body);
}

function writeDraft(ctx: Context, conversationId: string, body: string): void {
  if (draftOf(ctx.state, conversationId) === body) return;
  const draft = ctx.state.personal.drafts.get(conversationId) ?? { body: '' };
  setDraft(ctx, conversationId, { ...draft, local: { ...draft.local, body } });
  // Equal to the stored draft: there is nothing to send.
  settleDrafts(ctx);
}

/** Sends local drafts, at most every limits.draftIntervalMs for each conversation. */
export function driveDrafts(ctx: Context): void {
  if (!ctx.state.connection.isSynced) return;
  for (const [conversationId, { local }] of ctx.state.personal.drafts) {
    if (local === undefined || local.body === local.stored?.body || isUnderWay(ctx.state, conversationId)) continue;
    const at = ctx.state.pacing.draftAt.get(conversationId) ?? 0;
    if (at > ctx.now) {
      ctx.wakeBy(at);
      continue;
    }
    if (!ctx.hasBudget) return ctx.wakeForBudget();
    waitWithDraft(ctx, conversationId, limits.draftIntervalMs);
    const payload = { conversationId, body: local.body };
    ctx.request('draft:set', payload, { kind: 'draft', ...payload });
  }
}

export function onDraftAnswered(
  ctx: Context,
  { conversationId, body }: Draft,
  outcome: Outcome<RequestReply<'draft:set'>>,
): void {
  const draft = ctx.state.personal.drafts.get(conversationId);
  if (!draft?.local) return;
  if (outcome.ok) {
    setDraft(ctx, conversationId, {
      ...draft,
      local: { ...draft.local, stored: { body, rev: outcome.data.rev } },
    });
    return settleDrafts(ctx);
  }
  const { error } = outcome;
  if (error?.code === 'not_found') return setDraft(ctx, conversationId, { body: draft.body });
  // Refused for good: the draft stays in this page and is not sent again.
  const isFinal = error?.code === 'too_long' || error?.code === 'invalid_text';
  if (isFinal)
    return setDraft(ctx, conversationId, {
      ...draft,
      local: { ...draft.local, stored: { body, rev: Number.MAX_SAFE_INTEGER } },
    });
  waitWithDraft(ctx, conversationId, limits.draftIntervalMs + backoffMs(0, ctx.random, error));
}

/** Applies a draft of the personal feed, from another device or this one. */
export function applyDraft(ctx: Context, { conversationId, body }: Draft): void {
  const draft = ctx.state.personal.drafts.get(conversationId);
  setDraft(ctx, conversationId, { ...draft, body });
  emptySaidDrafts(ctx);
}

/**
 * Empties drafts whose text a former page sent as it ended: the draft was stored, or is on its way through the server,
 * and that page had no time left to empty it.
 */
export function emptySaidDrafts(ctx: Context): void {
  for (const [conversationId, body] of ctx.state.personal.saidDrafts)
    if (usableText(draftOf(ctx.state, conversationId)).trim() === body) writeDraft(ctx, conversationId, '');
}

/**
 * Drops local drafts that came back by the personal feed. From then on the latest one wins, whichever device it is
 * from.
 */
export function settleDrafts(ctx: Context): void {
  const {
    personalFeed: { rev: personalRev = 0 },
  } = ctx.state;
  for (const [conversationId, { body, local }] of ctx.state.personal.drafts) {
    if (local?.stored && local.stored.body === local.body && local.stored.rev <= personalRev)
      setDraft(ctx, conversationId, { body });
  }
}

/** Returns the drafts without the local one of a conversation that is gone. */
export function withoutTyped(
  drafts: ReadonlyMap<string, DraftState>,
  conversationId: string,
): ReadonlyMap<string, DraftState> {
  const draft = drafts.get(conversationId);
  if (!draft?.local) return drafts;
  return draft.body === '' ? withoutKey(drafts, conversationId) : withKey(drafts, conversationId, { body: draft.body });
}

/** Returns the drafts as not stored: on a new timeline of the database nothing is known to be. */
export function unstoreDrafts(drafts: ReadonlyMap<string, DraftState>): ReadonlyMap<string, DraftState> {
  return new Map(
    [...drafts].map(([id, { body, local }]) => [id, { body, ...(local && { local: { body: local.body } }) }]),
  );
}

function isUnderWay(state: State, conversationId: string): boolean {
  for (const pending of state.requests.pending.values())
    if (pending.kind === 'draft' && pending.conversationId === conversationId) return true;
  return false;
}

function waitWithDraft(ctx: Context, conversationId: string, ms: number): void {
  ctx.setSlice('pacing', { draftAt: withKey(ctx.state.pacing.draftAt, conversationId, ctx.now + ms) });
}

function setDraft(ctx: Context, conversationId: string, draft: DraftState): void {
  const { personal } = ctx.state;
  const isNothing = draft.body === '' && draft.local === undefined;
  const drafts = isNothing
    ? withoutKey(personal.drafts, conversationId)
    : withKey(personal.drafts, conversationId, draft);
  ctx.set({ personal: { ...personal, drafts } });
}
