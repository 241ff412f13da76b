/** Searchable fields of an emoji. */
export interface NamedEmoji {
  annotation: string;
  tags?: readonly string[];
  shortcodes?: readonly string[];
  emoticon?: string;
}

/** Returns the rank of a match, 0 is best: whole name, shortcode, tag, then their beginnings, then their middles. */
function rankOf(emoji: NamedEmoji, query: string): number {
  const name = emoji.annotation.toLowerCase();
  const tags = [...(emoji.tags ?? []), ...(emoji.shortcodes ?? [])].map((tag) => tag.toLowerCase());
  if (name === query || emoji.emoticon?.toLowerCase() === query) return 0;
  if (emoji.shortcodes?.includes(query)) return 1;
  if (tags.includes(query)) return 2;
  if (name.startsWith(query) || name.includes(` ${query}`)) return 3;
  if (tags.some((tag) => tag.startsWith(query))) return 4;
  // Chinese has no word boundaries, so a character in the middle counts. A single Latin letter in the middle would
  // match everything.
  const countsInside = query.length > 2 || /\p{Script=Han}/u.test(query);
  if (countsInside && name.includes(query)) return 5;
  return countsInside && tags.some((tag) => tag.includes(query)) ? 6 : Infinity;
}

/**
 * Returns the matching emoji, best first and otherwise in their order. Unlike the library's search it finds a single
 * Chinese character.
 */
export function searchEmoji<T extends NamedEmoji>(all: readonly T[], query: string): T[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  return all
    .map((emoji) => ({ emoji, rank: rankOf(emoji, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}
