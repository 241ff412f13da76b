import { Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { ActiveConversation } from '@cloudhop/web/navigation';
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

/** Shows toasts for messages, requests and invitations that arrive while the user is elsewhere in the page. */
@Injectable({ providedIn: 'root' })
export class InAppNotifications {
  readonly #router = inject(Router);
  readonly #layout = inject(Layout);
  readonly #attention = inject(Attention);
  readonly #active = inject(ActiveConversation);
  readonly #text = inject(NotificationText);
  readonly #toasts = inject(Toasts);
  readonly #t = injectTranslate();
  #before: NotificationSource | undefined;
  /** Events of the toast on screen. */
  #shown: NotificationEvent[] = [];

  constructor() {
    const view = injectNotificationSource();
    effect(() => {
      const now = view();
      const before = this.#before;
      this.#before = now;
      if (before)
        untracked(() => {
          this.#refresh(now);
          this.#notify(diffNotificationEvents(before, now).filter((event) => !this.#isSeen(event)));
        });
    });
  }

  /** Withdraws or updates the toast when its events were deleted, read, answered or edited. */
  #refresh(view: NotificationSource): void {
    if (!this.#toasts.hasNotification()) this.#shown = [];
    const current = this.#shown.map((event) => refreshEvent(event, view));
    if (current.every((event, index) => event === this.#shown[index])) return;
    this.#shown = current.filter((event) => event !== undefined);
    this.#toasts.replaceNotification(this.#toastOf(this.#shown));
  }

  #notify(events: readonly NotificationEvent[]): void {
    // A hidden tab shows no toasts: badges count the events when the user returns.
    if (events.length === 0 || !this.#attention.isVisible()) return;
    this.#shown = [...this.#shown, ...events];
    const toast = this.#toastOf(this.#shown);
    if (toast) this.#toasts.show(toast);
  }

  #toastOf(events: readonly NotificationEvent[]): Toast | undefined {
    const summary = summarizeEvents(events);
    return (
      summary && {
        text: this.#text.sentenceOf(summary),
        action: this.#t('news.open'),
        act: () => void this.#router.navigate([...summary.link]),
        durationMs: 7_000,
        isNotification: true,
      }
    );
  }

  /** Returns true if the event is visible on screen already. */
  #isSeen(event: NotificationEvent): boolean {
    const isAt = (path: string) => this.#router.url.split(/[?#]/)[0]!.startsWith(path);
    if (event.kind === 'request' || event.kind === 'accepted') return isAt('/friends');
    if (event.kind !== 'invitation' && event.conversationKind === 'lobby') return isAt('/lobby');
    const isListOpen = isRoomEvent(event) ? isAt('/rooms') || isAt('/r/') : isAt('/chats');
    const isListSeen = isListOpen && (!this.#layout.isPhone() || this.#active.id() === undefined);
    return isListSeen || this.#active.id() === event.conversationId;
  }
}
