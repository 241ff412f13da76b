import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  Conversation,
  ConversationTitles,
  LogSkeleton,
  OpenPlace,
  Trouble,
  troubleOf,
} from '@cloudhop/web/conversation';
import { ClientStore, PageTitle } from '@cloudhop/web/state';
import { Button, Moment, injectTranslate } from '@cloudhop/web/ui';
import { ChatHeader } from './chat-header';

/** A conversation that was just made needs a moment until this device has heard of it. */
const patienceMs = 2_500;

/** One conversation beside the list. */
@Component({
  selector: 'ch-chat-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, ChatHeader, Conversation, LogSkeleton, Moment, RouterLink, Trouble],
  template: `
    @if (conversation(); as conversation) {
      <ch-chat-header [conversation]="conversation" />
    }
    @if (trouble(); as trouble) {
      <ch-trouble [code]="trouble.code" />
    } @else if (view(); as view) {
      <ch-conversation [view]="view" [label]="t('chats.log', { name: name() })">
        @if (isSaved()) {
          <ch-moment pose="found" [title]="t('chats.savedTitle')" [text]="t('chats.savedText')" />
        } @else {
          <ch-moment pose="welcome" [title]="t('chats.firstTitle', { name: name() })" [text]="t('chats.firstText')" />
        }
      </ch-conversation>
    } @else if (isMissing()) {
      <ch-moment pose="error" [title]="t('chats.goneTitle')" [text]="t('chats.goneText')">
        <a chButton routerLink="/chats">{{ t('chats.back') }}</a>
      </ch-moment>
    } @else {
      <ch-log-skeleton />
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      background: linear-gradient(var(--bg), var(--bg2));
    }
    ch-chat-header {
      flex: none;
    }
    ch-conversation,
    ch-trouble,
    ch-moment,
    ch-log-skeleton {
      flex: 1;
      min-height: 0;
    }
  `,
})
export class ChatPane {
  readonly id = input.required<string>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #place = inject(OpenPlace);
  readonly #title = inject(PageTitle);
  readonly #wasPatient = signal(false);

  protected readonly view = computed(() => this.#store.timeline(this.id()));
  protected readonly conversation = computed(
    () => this.view()?.conversation ?? this.#store.conversations().get(this.id())?.conversation,
  );
  protected readonly name = computed(() => {
    const conversation = this.conversation();
    return conversation ? this.#titles.titleOf()(conversation).name : '';
  });
  protected readonly isSaved = computed(() => this.conversation()?.peerId === this.#store.me()?.id);
  protected readonly trouble = computed(() => troubleOf(this.#store.connection(), this.view() !== undefined));
  protected readonly isMissing = computed(
    () =>
      this.conversation() === undefined &&
      (this.#store.gone().has(this.id()) || (this.#wasPatient() && this.#store.connection().phase === 'live')),
  );

  constructor() {
    effect((onCleanup) => {
      const id = this.id();
      untracked(() => {
        this.#store.act.open(id);
        this.#place.enter(id);
      });
      const timer = setTimeout(() => this.#wasPatient.set(true), patienceMs);
      onCleanup(() => {
        clearTimeout(timer);
        this.#wasPatient.set(false);
        this.#place.leave(id);
        this.#store.act.close(id);
      });
    });
    effect(() => this.#title.showPlace(this.name() === '' ? this.t('chats.title') : this.name()));
  }
}
