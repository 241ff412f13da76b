import Database from 'emoji-picker-element/database.js';
import { searchEmoji } from './emoji-search';
import { emojiVersionOf } from './emoji-support';

/** Emoji offered by the picker. */
export interface PickableEmoji {
  /** Without skin tone: the key of the usage count. */
  base: string;
  /** With the preferred skin tone. */
  emoji: string;
  name: string;
}

/** Offered groups of the emoji data; group 2 holds only skin tones and hair. */
export const emojiGroups = [
  { id: 0, key: 'smileys', emoji: '😀' },
  { id: 1, key: 'people', emoji: '👋' },
  { id: 3, key: 'nature', emoji: '🐰' },
  { id: 4, key: 'food', emoji: '🍰' },
  { id: 5, key: 'travel', emoji: '🚲' },
  { id: 6, key: 'activities', emoji: '🎈' },
  { id: 7, key: 'objects', emoji: '💡' },
  { id: 8, key: 'symbols', emoji: '💗' },
  { id: 9, key: 'flags', emoji: '🏁' },
] as const;

const dataOf: Record<string, { locale: string; path: string }> = {
  'zh-Hant': { locale: 'zh-hant', path: 'zh-hant/cldr/data.json' },
  'zh-Hans': { locale: 'zh', path: 'zh/emojibase/data.json' },
  en: { locale: 'en', path: 'en/emojibase/data.json' },
};

type Row = Awaited<ReturnType<Database['getEmojiByGroup']>>[number];

/**
 * Emoji of one language: names, favourites and skin tone, stored by emoji-picker-element in IndexedDB and served by
 * our own host.
 */
export class EmojiSource {
  readonly #database: Database;
  readonly #version = emojiVersionOf();
  #all: Promise<Row[]> | undefined;

  constructor(language: string) {
    const { locale, path } = dataOf[language] ?? dataOf['en']!;
    this.#database = new Database({ locale, dataSource: new URL(`emoji/${path}`, document.baseURI).href });
  }

  /** Returns the preferred skin tone: 0 is none, 1 the lightest, 5 the darkest. */
  readTone(): Promise<number> {
    return this.#database.getPreferredSkinTone();
  }

  async writeTone(tone: number): Promise<void> {
    await this.#database.setPreferredSkinTone(tone);
  }

  async group(id: number, tone: number): Promise<PickableEmoji[]> {
    return this.#offer(await this.#database.getEmojiByGroup(id), tone);
  }

  async search(query: string, tone: number): Promise<PickableEmoji[]> {
    this.#all ??= Promise.all(emojiGroups.map(({ id }) => this.#database.getEmojiByGroup(id))).then((groups) =>
      groups.flat(),
    );
    return this.#offer(searchEmoji(await this.#all, query), tone).slice(0, 120);
  }

  /** Returns the emoji with this shortcode, in the preferred skin tone. */
  async ofShortcode(code: string): Promise<string | undefined> {
    const row = await this.#database.getEmojiByShortcode(code.toLowerCase());
    return row && 'unicode' in row ? this.#offer([row], await this.readTone())[0]?.emoji : undefined;
  }

  /** Returns the emoji used most on this device. */
  async favourites(tone: number): Promise<PickableEmoji[]> {
    const found = await this.#database.getTopFavoriteEmoji(24);
    return this.#offer(
      found.filter((row) => 'unicode' in row),
      tone,
    );
  }

  async countUse(base: string): Promise<void> {
    await this.#database.incrementFavoriteEmojiCount(base);
  }

  #offer(rows: readonly Row[], tone: number): PickableEmoji[] {
    return rows
      .filter(({ version }) => version <= this.#version)
      .map(({ unicode, annotation, skins }) => ({
        base: unicode,
        emoji: (tone > 0 && skins?.find((skin) => Number(skin.tone) === tone)?.unicode) || unicode,
        name: annotation,
      }));
  }
}
