const dayMs = 24 * 3_600_000;

/** Lifetimes of a token; `always` lasts until it is revoked. */
export const tokenLifetimes = ['month', 'year', 'always'] as const;
export type TokenLifetime = (typeof tokenLifetimes)[number];

/** Returns the lifetime in milliseconds; undefined without an end. */
export function lifetimeMs(life: TokenLifetime): number | undefined {
  return { month: 30 * dayMs, year: 365 * dayMs, always: undefined }[life];
}
