const messagesBefore = 10;
const restMs = 7 * 24 * 3_600_000;

/**
 * Returns true when an account may be offered. Times are milliseconds since the epoch; `declinedAt` is 0 if never
 * declined.
 */
export function isOfferDue(guest: { said: number; hasFriend: boolean; declinedAt: number; now: number }): boolean {
  if (guest.said < messagesBefore && !guest.hasFriend) return false;
  return guest.now - guest.declinedAt >= restMs;
}
