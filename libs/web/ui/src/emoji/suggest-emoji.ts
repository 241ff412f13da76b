import type { EmojiSource } from './emoji-source';
import type { Suggestion } from '../conversation/suggestions';

/** As many as fit above the field. */
const maxSuggestions = 8;

/** One source per language, for the lifetime of the page: each caches its data. */
const known = new Map<string, EmojiSource>();

/** Returns the sources to search: shortcodes are English everywhere, names are also in the user's language. */
async function sources(language: string): Promise<EmojiSource[]> {
  const { EmojiSource } = await import('./emoji-source');
  return [...new Set([language, 'en'])].map((each) => {
    const source = known.get(each) ?? new EmojiSource(each);
    known.set(each, source);
    return source;
  });
}

/** Returns emoji whose name or shortcode matches, best first; nothing if they can't be loaded. */
export async function suggestEmoji(language: string, typed: string): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  for (const source of await sources(language)) {
    const emoji = await source.search(typed, await source.readTone());
    for (const { base, emoji: sign, name } of emoji.slice(0, maxSuggestions))
      if (found.size < maxSuggestions && !found.has(base))
        found.set(base, { key: base, insert: sign, label: name, sign });
  }
  return [...found.values()];
}

/** Returns the emoji of a complete shortcode. */
export async function emojiOfShortcode(language: string, code: string): Promise<string | undefined> {
  for (const source of await sources(language)) {
    const sign = await source.ofShortcode(code);
    if (sign !== undefined) return sign;
  }
  return undefined;
}
