import { DestroyRef, Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Attention, ClientStore, NotificationPreference } from '@cloudhop/web/state';
import { injectTranslate, plainOf } from '@cloudhop/web/ui';
import { linkOf } from '../list/link-of';
import { chime } from './chime';
import type { NewsView } from './news';
import { injectNewsView } from './news-view';
import { NewsWords, isolated, shortened } from './news-words';
import {
  callingMessage,
  firstBoard,
  invitationKey,
  nextBoard,
  requestKey,
  subjectsOf,
  type NoticeBoard,
} from './notice-board';
import { OpenPlace } from './open-place';
import { TabTurn, tabLocks } from './tab-turn';
import { NameKeys } from '../log/name-keys';

interface NoticeText {
  title: string;
  body: string;
  link: readonly string[];
}

/** Tells of what comes while the page is hidden, by notices of the browser and by sound, as this device has it. */
@Injectable({ providedIn: 'root' })
export class BrowserNotices {
  readonly #store = inject(ClientStore);
  readonly #choice = inject(NotificationPreference);
  readonly #attention = inject(Attention);
  readonly #place = inject(OpenPlace);
  readonly #router = inject(Router);
  readonly #words = inject(NewsWords);
  readonly #names = inject(NameKeys);
  readonly #t = injectTranslate();
  readonly #turn = new TabTurn(tabLocks());
  readonly #up = new Map<string, Notification>();
  #board: NoticeBoard | undefined;
  #me: string | undefined;

  constructor() {
    const view = injectNewsView();
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

  #step(view: NewsView, isVisible: boolean, openId: string | undefined): void {
    const before = this.#me === view.me ? this.#board : undefined;
    this.#me = view.me;
    const subjects = subjectsOf(view);
    this.#board = before
      ? nextBoard(before, subjects, { isVisible, isOpen: (key) => key === openId || this.#isOpen(key) })
      : firstBoard(subjects);
    const { shown } = this.#board;
    for (const key of this.#up.keys()) if (!shown.has(key)) this.#close(key);
    if (isVisible) return;
    const changed = [...shown].filter(([key, notice]) => before?.shown.get(key) !== notice).map(([key]) => key);
    const isAdded = changed.some((key) => !before?.shown.has(key));
    if (changed.length > 0) void this.#tell(changed, isAdded);
  }

  /** What replaces a notice makes no sound. */
  async #tell(keys: readonly string[], isAdded: boolean): Promise<void> {
    if (!(await this.#turn.mayTell())) return;
    for (const key of keys) if (this.#choice.isOn() && this.#board?.shown.has(key)) this.#show(key);
    if (isAdded && this.#choice.hasSound()) void chime();
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
    const title = isolated(this.#words.titleOf(key));
    const link = linkOf(conversation);
    const { authorId, body } = callingMessage(summary) ?? {};
    if (body === undefined) return { title, link, body: this.#t('news.mentionIn', { title }) };
    const text = shortened(plainOf(body, this.#names.mentionOf()));
    if (conversation.kind === 'direct') return { title, link, body: text };
    return { title, link, body: this.#t('chats.said', { name: isolated(this.#words.nameOf(authorId)), text }) };
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
