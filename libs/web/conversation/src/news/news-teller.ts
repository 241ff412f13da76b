import { Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Attention, Layout } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { headlineOf, isOfRoom, newsBetween, type News, type NewsView } from './news';
import { injectNewsView } from './news-view';
import { NewsWords } from './news-words';
import { OpenPlace } from './open-place';
import { Toasts } from './toasts';

/** Tells of messages, requests and invitations that come while one is elsewhere in the page. */
@Injectable({ providedIn: 'root' })
export class NewsTeller {
  readonly #router = inject(Router);
  readonly #layout = inject(Layout);
  readonly #attention = inject(Attention);
  readonly #place = inject(OpenPlace);
  readonly #words = inject(NewsWords);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  #before: NewsView | undefined;
  /** What the sentence on screen is about. */
  #told: News[] = [];

  constructor() {
    const view = injectNewsView();
    effect(() => {
      const now = view();
      const before = this.#before;
      this.#before = now;
      if (before) untracked(() => this.#tell(newsBetween(before, now).filter((news) => !this.#isSeen(news))));
    });
  }

  #tell(news: readonly News[]): void {
    // Behind another tab nobody sees it, and what waits is said by badges once they are back.
    if (news.length === 0 || !this.#attention.isVisible()) return;
    this.#told = [...(this.#toasts.isTellingNews() ? this.#told : []), ...news];
    const headline = headlineOf(this.#told);
    if (!headline) return;
    this.#toasts.show({
      text: this.#words.sentenceOf(headline),
      action: this.#t('news.open'),
      act: () => void this.#router.navigate([...headline.link]),
      durationMs: 7_000,
      isNews: true,
    });
  }

  /** Nobody is told what they have before their eyes. */
  #isSeen(news: News): boolean {
    const isAt = (path: string) => this.#router.url.split(/[?#]/)[0]!.startsWith(path);
    if (news.kind === 'request' || news.kind === 'accepted') return isAt('/friends');
    if (news.kind !== 'invitation' && news.place === 'lobby') return isAt('/lobby');
    const isListOpen = isOfRoom(news) ? isAt('/rooms') || isAt('/r/') : isAt('/chats');
    const isListSeen = isListOpen && (!this.#layout.isPhone() || this.#place.id() === undefined);
    return isListSeen || this.#place.id() === news.conversationId;
  }
}
