import { Injectable, computed, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, Layout } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { People } from '../person/people';
import { headlineOf, newsBetween, type News, type NewsView } from './news';
import { OpenPlace } from './open-place';
import { Toasts } from './toasts';

/** As much of a message as fits a line or two. */
const shownCharacters = 90;

/** Tells of private messages and requests that come while one is elsewhere in the page. */
@Injectable({ providedIn: 'root' })
export class NewsTeller {
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #layout = inject(Layout);
  readonly #place = inject(OpenPlace);
  readonly #people = inject(People);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  #before: NewsView | undefined;
  /** What the sentence on screen is about. */
  #told: News[] = [];

  constructor() {
    const view = computed((): NewsView => ({
      isLive: this.#store.connection().phase === 'live',
      me: this.#store.me()?.id,
      friends: this.#store.friends(),
      blocks: this.#store.blocks(),
      conversations: this.#store.conversations(),
    }));
    effect(() => {
      const now = view();
      const before = this.#before;
      this.#before = now;
      if (before) untracked(() => this.#tell(newsBetween(before, now).filter((news) => !this.#isSeen(news))));
    });
  }

  #tell(news: readonly News[]): void {
    if (news.length === 0) return;
    this.#told = [...(this.#toasts.isTellingNews() ? this.#told : []), ...news];
    const headline = headlineOf(this.#told);
    if (!headline) return;
    const { key, userId, text, count, link } = headline;
    const person = this.#people.personOf()(userId);
    // Isolates keep a name of the other direction from turning the sentence around it.
    const name = `\u2068${person.name}${person.tag ? ` #${person.tag}` : ''}\u2069`;
    const short = text.length > shownCharacters ? `${text.slice(0, shownCharacters).trimEnd()}…` : text;
    this.#toasts.show({
      text: this.#t(`news.${key}`, { name, text: short, count }),
      action: this.#t('news.open'),
      act: () => void this.#router.navigate([...link]),
      durationMs: 7_000,
      isNews: true,
    });
  }

  /** Nobody is told what they have before their eyes. */
  #isSeen(news: News): boolean {
    const isAt = (path: string) => this.#router.url.split(/[?#]/)[0]!.startsWith(path);
    if (news.kind !== 'message') return isAt('/friends');
    const isListSeen = isAt('/chats') && (!this.#layout.isPhone() || this.#place.id() === undefined);
    return isListSeen || this.#place.id() === news.conversationId;
  }
}
