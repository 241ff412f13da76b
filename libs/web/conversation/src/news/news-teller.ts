import { Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Attention, Layout } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { headlineOf, isOfRoom, newsBetween, standingNews, type News, type NewsView } from './news';
import { injectNewsView } from './news-view';
import { NewsWords } from './news-words';
import { OpenPlace } from './open-place';
import { Toasts, type Toast } from './toasts';

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
      if (before)
        untracked(() => {
          this.#withdraw(now);
          this.#tell(newsBetween(before, now).filter((news) => !this.#isSeen(news)));
        });
    });
  }

  /** Takes back what was told and does not stand any more, and says anew what stands otherwise. */
  #withdraw(view: NewsView): void {
    if (!this.#toasts.isTellingNews()) this.#told = [];
    const standing = this.#told.map((news) => standingNews(news, view));
    if (standing.every((news, index) => news === this.#told[index])) return;
    this.#told = standing.filter((news) => news !== undefined);
    this.#toasts.replaceNews(this.#toastOf(this.#told));
  }

  #tell(news: readonly News[]): void {
    // Behind another tab nobody sees it, and what waits is said by badges once they are back.
    if (news.length === 0 || !this.#attention.isVisible()) return;
    this.#told = [...this.#told, ...news];
    const toast = this.#toastOf(this.#told);
    if (toast) this.#toasts.show(toast);
  }

  #toastOf(news: readonly News[]): Toast | undefined {
    const headline = headlineOf(news);
    return (
      headline && {
        text: this.#words.sentenceOf(headline),
        action: this.#t('news.open'),
        act: () => void this.#router.navigate([...headline.link]),
        durationMs: 7_000,
        isNews: true,
      }
    );
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
