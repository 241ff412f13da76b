const dayMs = 24 * 3_600_000;

/** Lifetimes of a token; `always` lasts until it is revoked. */
export const tokenLives = ['month', 'year', 'always'] as const;
export type TokenLife = (typeof tokenLives)[number];

/** Returns the lifetime in milliseconds; undefined without an end. */
export function lifeMs(life: TokenLife): number | undefined {
  return { month: 30 * dayMs, year: 365 * dayMs, always: undefined }[life];
}
