const dayMs = 24 * 3_600_000;

/** How long a token can be made to work; the last one until it is revoked. */
export const tokenLives = ['month', 'year', 'always'] as const;
export type TokenLife = (typeof tokenLives)[number];

/** In milliseconds; undefined for a token without an end. */
export function lifeMs(life: TokenLife): number | undefined {
  return { month: 30 * dayMs, year: 365 * dayMs, always: undefined }[life];
}
