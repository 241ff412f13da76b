import { authLimits } from './auth/limits';
import { connectionLimits } from './connection/limits';
import { conversationLimits } from './conversations/limits';
import { friendLimits } from './friends/limits';
import { groupLimits } from './groups/limits';
import { presenceLimits } from './presence/limits';
import { roomLimits } from './rooms/limits';
import { syncLimits } from './sync/limits';
import { textLimits } from './text/limits';

/**
 * Limits that both the server and the clients need. Durations end in Ms, sizes in Bytes. LIMITS_FILE overrides them on
 * the server before any module that reads them is loaded. index.html carries the overridden ones to the page.
 */
export const limits = {
  ...textLimits,
  ...authLimits,
  ...conversationLimits,
  ...presenceLimits,
  ...friendLimits,
  ...groupLimits,
  ...roomLimits,
  ...syncLimits,
  ...connectionLimits,
};

export type Limits = typeof limits;

/**
 * Applies the limits that the server has overridden. Ignores unknown names, so that a page works with a server of
 * another release.
 */
export function applyLimits(overrides: unknown): void {
  if (typeof overrides !== 'object' || overrides === null) return;
  const known: Record<string, number> = limits;
  for (const [name, value] of Object.entries(overrides) as [string, unknown][])
    if (Object.hasOwn(known, name) && typeof value === 'number' && value >= 0 && Number.isFinite(value))
      known[name] = value;
}

const defaults: Readonly<Limits> = { ...limits };

/** Returns the limits that differ from their defaults. */
export function overriddenLimits(): Partial<Limits> {
  const entries = Object.entries(limits) as [keyof Limits, number][];
  return Object.fromEntries(entries.filter(([name, value]) => value !== defaults[name]));
}
