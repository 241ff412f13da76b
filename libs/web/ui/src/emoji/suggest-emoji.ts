import type { EmojiSource } from './emoji-source';
import type { Suggestion } from '../conversation/suggestions';

/** As many as fit above the field. */
const most = 8;

/** One for each language, for as long as the page lives: it keeps what it has read. */
const known = new Map<string, EmojiSource>();

/** Shortcodes are English everywhere; names are in the person's own language too. */
async function sources(language: string): Promise<EmojiSource[]> {
  const { EmojiSource } = await import('./emoji-source');
  return [...new Set([language, 'en'])].map((each) => {
    const source = known.get(each) ?? new EmojiSource(each);
    known.set(each, source);
    return source;
  });
}

/** Emoji whose name or shortcode has what was typed, best first; nothing when they cannot be loaded. */
export async function suggestEmoji(language: string, typed: string): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  for (const source of await sources(language)) {
    const emoji = await source.search(typed, await source.readTone());
    for (const { base, emoji: sign, name } of emoji.slice(0, most))
      if (found.size < most && !found.has(base)) found.set(base, { key: base, insert: sign, label: name, sign });
  }
  return [...found.values()];
}

/** The emoji of a whole shortcode. */
export async function emojiOfShortcode(language: string, code: string): Promise<string | undefined> {
  for (const source of await sources(language)) {
    const sign = await source.ofShortcode(code);
    if (sign !== undefined) return sign;
  }
  return undefined;
}
