import { Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Attention, Layout } from '@cloudhop/web/state';
import { Toasts, injectTranslate, type Toast } from '@cloudhop/web/ui';
import {
  diffNotificationEvents,
  isRoomEvent,
  refreshEvent,
  summarizeEvents,
  type NotificationEvent,
  type NotificationSource,
} from './notification-events';
import { injectNotificationSource } from './inject-notification-source';
import { NotificationText } from './notification-text';
import { ActiveConversation } from '@cloudhop/web/navigation';

/** Tells of messages, requests and invitations that come while one is elsewhere in the page. */
@Injectable({ providedIn: 'root' })
export class InAppNotifications {
  readonly #router = inject(Router);
  readonly #layout = inject(Layout);
  readonly #attention = inject(Attention);
  readonly #place = inject(ActiveConversation);
  readonly #words = inject(NotificationText);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  #before: NotificationSource | undefined;
  /** What the sentence on screen is summaryTarget. */
  #told: NotificationEvent[] = [];

  constructor() {
    const view = injectNotificationSource();
    effect(() => {
      const now = view();
      const before = this.#before;
      this.#before = now;
      if (before)
        untracked(() => {
          this.#withdraw(now);
          this.#tell(diffNotificationEvents(before, now).filter((news) => !this.#isSeen(news)));
        });
    });
  }

  /** Takes back what was told and does not stand any more, and says anew what stands otherwise. */
  #withdraw(view: NotificationSource): void {
    if (!this.#toasts.hasNotification()) this.#told = [];
    const standing = this.#told.map((news) => refreshEvent(news, view));
    if (standing.every((news, index) => news === this.#told[index])) return;
    this.#told = standing.filter((news) => news !== undefined);
    this.#toasts.replaceNotification(this.#toastOf(this.#told));
  }

  #tell(news: readonly NotificationEvent[]): void {
    // Behind another tab nobody sees it, and what waits is said by badges once they are back.
    if (news.length === 0 || !this.#attention.isVisible()) return;
    this.#told = [...this.#told, ...news];
    const toast = this.#toastOf(this.#told);
    if (toast) this.#toasts.show(toast);
  }

  #toastOf(news: readonly NotificationEvent[]): Toast | undefined {
    const headline = summarizeEvents(news);
    return (
      headline && {
        text: this.#words.sentenceOf(headline),
        action: this.#t('news.open'),
        act: () => void this.#router.navigate([...headline.link]),
        durationMs: 7_000,
        isNotification: true,
      }
    );
  }

  /** Nobody is told what they have before their eyes. */
  #isSeen(news: NotificationEvent): boolean {
    const isAt = (path: string) => this.#router.url.split(/[?#]/)[0]!.startsWith(path);
    if (news.kind === 'request' || news.kind === 'accepted') return isAt('/friends');
    if (news.kind !== 'invitation' && news.place === 'lobby') return isAt('/lobby');
    const isListOpen = isRoomEvent(news) ? isAt('/rooms') || isAt('/r/') : isAt('/chats');
    const isListSeen = isListOpen && (!this.#layout.isPhone() || this.#place.id() === undefined);
    return isListSeen || this.#place.id() === news.conversationId;
  }
}
