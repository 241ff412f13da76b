import { DestroyRef, Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { ActiveConversation, conversationLink } from '@cloudhop/web/navigation';
import { MentionLookup } from '@cloudhop/web/people';
import { Attention, ClientStore, NotificationPreference } from '@cloudhop/web/state';
import { bidiIsolate, injectTranslate, plainOf } from '@cloudhop/web/ui';
import { playNotificationSound } from './notification-sound';
import type { NotificationSource } from './notification-events';
import { injectNotificationSource } from './inject-notification-source';
import { NotificationText, truncate } from './notification-text';
import {
  initialNotificationState,
  invitationKey,
  nextNotificationState,
  notificationSubjects,
  notifyingMessage,
  requestKey,
  type BrowserNotificationState,
} from './browser-notification-state';
import { TabElection, tabLocks } from './tab-election';

interface NotificationContent {
  title: string;
  body: string;
  link: readonly string[];
}

/** Shows browser notifications and plays the sound while the page is hidden, as chosen on this device. */
@Injectable({ providedIn: 'root' })
export class BrowserNotifications {
  readonly #store = inject(ClientStore);
  readonly #choice = inject(NotificationPreference);
  readonly #attention = inject(Attention);
  readonly #active = inject(ActiveConversation);
  readonly #router = inject(Router);
  readonly #text = inject(NotificationText);
  readonly #names = inject(MentionLookup);
  readonly #t = injectTranslate();
  readonly #election = new TabElection(tabLocks());
  readonly #open = new Map<string, Notification>();
  #state: BrowserNotificationState | undefined;
  #me: string | undefined;

  constructor() {
    const view = injectNotificationSource();
    effect(() => this.#election.setVisible(this.#attention.isVisible()));
    effect(() => {
      const now = view();
      const isVisible = this.#attention.isVisible();
      const openId = this.#active.id();
      // Navigating counts as looking at the page.
      this.#router.lastSuccessfulNavigation();
      if (now.isLive) untracked(() => this.#step(now, isVisible, openId));
    });
    // Notifications that outlive their page could never be withdrawn.
    const closeAll = () => [...this.#open.keys()].forEach((key) => this.#close(key));
    addEventListener('pagehide', closeAll);
    inject(DestroyRef).onDestroy(() => removeEventListener('pagehide', closeAll));
    effect(() => {
      if (!this.#choice.isOn()) for (const key of this.#open.keys()) this.#close(key);
    });
  }

  #step(view: NotificationSource, isVisible: boolean, openId: string | undefined): void {
    const before = this.#me === view.me ? this.#state : undefined;
    this.#me = view.me;
    const subjects = notificationSubjects(view);
    this.#state = before
      ? nextNotificationState(before, subjects, { isVisible, isOpen: (key) => key === openId || this.#isOpen(key) })
      : initialNotificationState(subjects);
    const { shown } = this.#state;
    for (const key of this.#open.keys()) if (!shown.has(key)) this.#close(key);
    if (isVisible) return;
    const changed = [...shown]
      .filter(([key, notification]) => before?.shown.get(key) !== notification)
      .map(([key]) => key);
    const isAdded = changed.some((key) => !before?.shown.has(key));
    if (changed.length > 0) void this.#notify(changed, isAdded);
  }

  /** Replaced notifications are silent. */
  async #notify(keys: readonly string[], isAdded: boolean): Promise<void> {
    if (!(await this.#election.canNotify())) return;
    for (const key of keys) if (this.#choice.isOn() && this.#state?.shown.has(key)) this.#show(key);
    if (isAdded && this.#choice.hasSound()) void playNotificationSound();
  }

  #show(key: string): void {
    const { title, body, link } = this.#textOf(key);
    let notification: Notification;
    try {
      notification = new Notification(title, { body, tag: key, icon: 'icons/icon-192.png', silent: true });
    } catch {
      return this.#choice.giveUp();
    }
    notification.onclick = () => {
      window.focus();
      this.#close(key);
      void this.#router.navigate([...link]);
    };
    notification.onclose = () => {
      if (this.#open.get(key) === notification) this.#open.delete(key);
    };
    this.#open.set(key, notification);
  }

  #close(key: string): void {
    this.#open.get(key)?.close();
    this.#open.delete(key);
  }

  #textOf(key: string): NotificationContent {
    const summary = this.#store.conversations().get(key);
    if (!summary) return this.#textOfRequest(key);
    const { conversation } = summary;
    const title = bidiIsolate(this.#text.titleOf(key));
    const link = conversationLink(conversation);
    const { authorId, body } = notifyingMessage(summary) ?? {};
    if (body === undefined) return { title, link, body: this.#t('news.mentionIn', { title }) };
    const text = truncate(plainOf(body, this.#names.mentionOf()));
    if (conversation.kind === 'direct') return { title, link, body: text };
    return { title, link, body: this.#t('chats.said', { name: bidiIsolate(this.#text.nameOf(authorId)), text }) };
  }

  /** Returns the text for a friend request or an invitation. */
  #textOfRequest(key: string): NotificationContent {
    for (const [id, { invitedBy, slug }] of this.#store.invitations())
      if (invitationKey(id) === key) {
        const link = [slug === undefined ? '/chats' : '/rooms'];
        const summary = { userId: invitedBy, conversationId: id, text: '', count: 1, link };
        return {
          title: 'Cloudhop',
          link,
          body: this.#text.sentenceOf({ ...summary, key: 'invitation' }),
        };
      }
    const userId = [...this.#store.friends().keys()].find((id) => requestKey(id) === key);
    const summary = { ...(userId !== undefined && { userId }), text: '', count: 1, link: ['/friends'] };
    return { title: 'Cloudhop', link: summary.link, body: this.#text.sentenceOf({ ...summary, key: 'request' }) };
  }

  #isOpen(key: string): boolean {
    const path = this.#router.url.split(/[?#]/)[0]!;
    if (key === this.#store.lobbyId()) return path === '/lobby';
    if (key.startsWith(requestKey(''))) return path === '/friends';
    if (!key.startsWith(invitationKey(''))) return false;
    const isRoom = this.#store.invitations().get(key.slice(invitationKey('').length))?.slug !== undefined;
    return isRoom ? path === '/rooms' || path.startsWith('/r/') : path.startsWith('/chats');
  }
}
