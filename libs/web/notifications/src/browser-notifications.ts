import { DestroyRef, Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Attention, ClientStore, NoticeChoice } from '@cloudhop/web/state';
import { bidiIsolate, injectTranslate, plainOf } from '@cloudhop/web/ui';
import { ActiveConversation, conversationLink } from '@cloudhop/web/navigation';
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
import { MentionLookup } from '@cloudhop/web/people';

interface NoticeText {
  title: string;
  body: string;
  link: readonly string[];
}

/** Tells of what comes while the page is hidden, by notices of the browser and by sound, as this device has it. */
@Injectable({ providedIn: 'root' })
export class BrowserNotifications {
  readonly #store = inject(ClientStore);
  readonly #choice = inject(NoticeChoice);
  readonly #attention = inject(Attention);
  readonly #place = inject(ActiveConversation);
  readonly #router = inject(Router);
  readonly #words = inject(NotificationText);
  readonly #names = inject(MentionLookup);
  readonly #t = injectTranslate();
  readonly #turn = new TabElection(tabLocks());
  readonly #up = new Map<string, Notification>();
  #board: BrowserNotificationState | undefined;
  #me: string | undefined;

  constructor() {
    const view = injectNotificationSource();
    effect(() => this.#turn.look(this.#attention.isVisible()));
    effect(() => {
      const now = view();
      const isVisible = this.#attention.isVisible();
      const openId = this.#place.id();
      // Where one goes, one looks.
      this.#router.lastSuccessfulNavigation();
      if (now.isLive) untracked(() => this.#step(now, isVisible, openId));
    });
    // Nobody could withdraw what outlives its page.
    const closeAll = () => [...this.#up.keys()].forEach((key) => this.#close(key));
    addEventListener('pagehide', closeAll);
    inject(DestroyRef).onDestroy(() => removeEventListener('pagehide', closeAll));
    effect(() => {
      if (!this.#choice.isOn()) for (const key of this.#up.keys()) this.#close(key);
    });
  }

  #step(view: NotificationSource, isVisible: boolean, openId: string | undefined): void {
    const before = this.#me === view.me ? this.#board : undefined;
    this.#me = view.me;
    const subjects = notificationSubjects(view);
    this.#board = before
      ? nextNotificationState(before, subjects, { isVisible, isOpen: (key) => key === openId || this.#isOpen(key) })
      : initialNotificationState(subjects);
    const { shown } = this.#board;
    for (const key of this.#up.keys()) if (!shown.has(key)) this.#close(key);
    if (isVisible) return;
    const changed = [...shown].filter(([key, notice]) => before?.shown.get(key) !== notice).map(([key]) => key);
    const isAdded = changed.some((key) => !before?.shown.has(key));
    if (changed.length > 0) void this.#tell(changed, isAdded);
  }

  /** What replaces a notice makes no sound. */
  async #tell(keys: readonly string[], isAdded: boolean): Promise<void> {
    if (!(await this.#turn.canNotify())) return;
    for (const key of keys) if (this.#choice.isOn() && this.#board?.shown.has(key)) this.#show(key);
    if (isAdded && this.#choice.hasSound()) void playNotificationSound();
  }

  #show(key: string): void {
    const { title, body, link } = this.#textOf(key);
    let notice: Notification;
    try {
      notice = new Notification(title, { body, tag: key, icon: 'icons/icon-192.png', silent: true });
    } catch {
      return this.#choice.giveUp();
    }
    notice.onclick = () => {
      window.focus();
      this.#close(key);
      void this.#router.navigate([...link]);
    };
    notice.onclose = () => {
      if (this.#up.get(key) === notice) this.#up.delete(key);
    };
    this.#up.set(key, notice);
  }

  #close(key: string): void {
    this.#up.get(key)?.close();
    this.#up.delete(key);
  }

  #textOf(key: string): NoticeText {
    const summary = this.#store.conversations().get(key);
    if (!summary) return this.#textOfAsking(key);
    const { conversation } = summary;
    const title = bidiIsolate(this.#words.titleOf(key));
    const link = conversationLink(conversation);
    const { authorId, body } = notifyingMessage(summary) ?? {};
    if (body === undefined) return { title, link, body: this.#t('news.mentionIn', { title }) };
    const text = truncate(plainOf(body, this.#names.mentionOf()));
    if (conversation.kind === 'direct') return { title, link, body: text };
    return { title, link, body: this.#t('chats.said', { name: bidiIsolate(this.#words.nameOf(authorId)), text }) };
  }

  /** A request, or an invitation. */
  #textOfAsking(key: string): NoticeText {
    for (const [id, { invitedBy, slug }] of this.#store.invitations())
      if (invitationKey(id) === key) {
        const link = [slug === undefined ? '/chats' : '/rooms'];
        const headline = { userId: invitedBy, conversationId: id, text: '', count: 1, link };
        return {
          title: 'Cloudhop',
          link,
          body: this.#words.sentenceOf({ ...headline, key: 'invitation' }),
        };
      }
    const userId = [...this.#store.friends().keys()].find((id) => requestKey(id) === key);
    const headline = { ...(userId !== undefined && { userId }), text: '', count: 1, link: ['/friends'] };
    return { title: 'Cloudhop', link: headline.link, body: this.#words.sentenceOf({ ...headline, key: 'request' }) };
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
