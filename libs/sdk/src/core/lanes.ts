import type { Context } from './context';
import { inState } from './outbox-entry';
import type { Lane } from './state';

/** What was in flight when the socket went has an unknown outcome: it goes again, as it is. */
export function recallSends(ctx: Context): void {
  if (!ctx.state.outbox.entries.some(({ state }) => state === 'sending')) return;
  const outbox = ctx.state.outbox.entries.map((entry) =>
    entry.state === 'sending' ? inState(entry, { state: 'waiting' }, { mayBeStored: true, touchedAt: ctx.now }) : entry,
  );
  ctx.setSlice('outbox', { entries: outbox });
}

/** Without a connection another tab may drain. */
export function releaseLanes(ctx: Context): void {
  if (ctx.state.outbox.lanes.size === 0) return;
  const lanes = new Map<string, Lane>();
  for (const [conversationId, lane] of ctx.state.outbox.lanes) {
    if (lane.claim !== 'none') ctx.emit({ type: 'release', conversationId });
  }
  ctx.setSlice('outbox', { lanes });
}

/** Only the latest claim counts: the word of one that was released meanwhile is late. */
export function onClaimed(ctx: Context, conversationId: string, asked: number): void {
  const lane = ctx.lane(conversationId);
  if (lane.claim === 'asked' && lane.asked === asked) ctx.setLane(conversationId, { claim: 'held' });
}

export function onClaimLost(ctx: Context, conversationId: string): void {
  if (ctx.lane(conversationId).claim !== 'none') ctx.setLane(conversationId, { claim: 'none' });
}
