import type { Condition } from './weather';

/** Time after the answer to a ban within which delivery has ended; without a healthy server nobody can say. */
const endsWithinMs: Record<Condition, number> = { healthy: 1_000, withoutRedis: 3_000, cutOff: Infinity };

/** A ban, or a removal, and what reached its victim of the conversation. */
export interface BanRound {
  name: string;
  /** Begins the text of each message that was typed after the answer to the ban. */
  afterMark: string;
  /** Time of the answer to the ban, in milliseconds on this machine's clock. */
  endedAt: number;
  /** Of the victim's server, meanwhile. */
  condition: Condition;
  /** Longest delay of this program, which may have read too late what came in time. */
  lagMs: number;
  arrivals: { name: string; text: string; at: number }[];
}

/**
 * Returns a sentence for each thing that a victim must not have received: a message that was typed after the answer,
 * whatever was broken then; and any fact of the conversation after the time in which delivery has to end.
 */
export function bannedDeliveries({ name, afterMark, endedAt, condition, lagMs, arrivals }: BanRound): string[] {
  return arrivals.flatMap((arrival) => {
    const lateMs = arrival.at - endedAt;
    if (arrival.text.includes(afterMark))
      return [
        `${name} received, by ${arrival.name}, what was typed after the ban, ${lateMs} ms after it (${condition})`,
      ];
    if (arrival.name === 'answer' || lateMs <= endsWithinMs[condition] + lagMs) return [];
    return [`${name} received ${arrival.name} ${lateMs} ms after the ban (${condition})`];
  });
}
