import type { Context } from './context';
import { inState } from './outbox-entry';
import type { Lane } from './state';

/** Makes entries wait again that were in flight when the socket closed: their outcome is unknown. */
export function recallSends(ctx: Context): void {
  if (!ctx.state.outbox.entries.some(({ state }) => state === 'sending')) return;
  const outbox = ctx.state.outbox.entries.map((entry) =>
    entry.state === 'sending' ? inState(entry, { state: 'waiting' }, { mayBeStored: true, touchedAt: ctx.now }) : entry,
  );
  ctx.setSlice('outbox', { entries: outbox });
}

/** Releases all lanes: without a connection another tab may send. */
export function releaseLanes(ctx: Context): void {
  if (ctx.state.outbox.lanes.size === 0) return;
  const lanes = new Map<string, Lane>();
  for (const [conversationId, lane] of ctx.state.outbox.lanes) {
    if (lane.claim !== 'none') ctx.emit({ type: 'release', conversationId });
  }
  ctx.setSlice('outbox', { lanes });
}

/** Takes the lane. Ignores a claim that was released meanwhile: only the latest counts. */
export function onClaimed(ctx: Context, conversationId: string, claimId: number): void {
  const lane = ctx.lane(conversationId);
  if (lane.claim === 'requested' && lane.claimId === claimId) ctx.setLane(conversationId, { claim: 'held' });
}

export function onClaimLost(ctx: Context, conversationId: string): void {
  if (ctx.lane(conversationId).claim !== 'none') ctx.setLane(conversationId, { claim: 'none' });
}
