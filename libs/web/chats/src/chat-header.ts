import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Conversation } from '@cloudhop/contracts';
import { ConversationTitles } from '@cloudhop/web/navigation';
import { NotificationLevelButton } from '@cloudhop/web/notifications/level';
import { PersonCardOverlay } from '@cloudhop/web/people';
import { AvatarPresences, PresenceText } from '@cloudhop/web/people/presence';
import { ClientStore, Layout } from '@cloudhop/web/state';
import { Avatar, Icon, KindBadge, injectTranslate } from '@cloudhop/web/ui';

/** Header of a conversation: the other user or the group; pressed, it opens the profile or the group. */
@Component({
  selector: 'ch-chat-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon, KindBadge, NotificationLevelButton, PresenceText, RouterLink],
  template: `
    @if (layout.isPhone()) {
      <a class="back" routerLink="/chats" [attr.aria-label]="t('chats.back')"><ch-icon name="back" /></a>
    }
    @if (title().person; as person) {
      <h1>
        <button
          type="button"
          [attr.aria-haspopup]="isGroup() && hasPanel() ? null : 'dialog'"
          [attr.aria-expanded]="isGroup() ? isInfoShown() : null"
          [disabled]="peer()?.isGone"
          (click)="press($event)"
        >
          <ch-avatar
            [seed]="person.id"
            [name]="person.initial"
            [color]="person.color"
            [presence]="presences.presenceOf()(conversation().peerId)"
          />
          <span class="words">
            <bdi>{{ person.name }}</bdi>
            <span class="facts">
              @if (isTyping()) {
                <span class="typing">{{ t('typing.now') }}</span>
              } @else if (isGroup()) {
                @if (peopleCount(); as count) {
                  <span>{{ t('groups.people.' + (count === 1 ? 'one' : 'other'), { count }) }}</span>
                }
              } @else if (hasPresence()) {
                <ch-presence-text [userId]="person.id" />
              } @else if (peer()?.username; as username) {
                <span>&#64;{{ username }}</span>
              } @else if (person.tag) {
                <span>#{{ person.tag }}</span>
              }
              @if (kind(); as kind) {
                <ch-kind-badge>{{ t(kind) }}</ch-kind-badge>
              }
            </span>
          </span>
          @if (isGroup()) {
            <ch-icon class="more" name="people" />
          }
        </button>
      </h1>
      <ch-notification-level-button [conversationId]="conversation().id" />
    } @else {
      <span class="tile"><ch-icon [name]="title().icon ?? 'chats'" /></span>
      <div class="words">
        <h1>{{ title().name }}</h1>
        <span class="facts">{{ t('chats.savedHint') }}</span>
      </div>
    }
  `,
  styles: `
    :host {
      --avatar: 44px;
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 64px;
      padding: calc(4px + var(--safe-top)) 14px 4px 12px;
      border-bottom: 1px solid var(--line);
      background: var(--surface);
    }
    .back {
      display: grid;
      flex: none;
      place-items: center;
      width: 42px;
      height: 42px;
      margin-inline-end: -8px;
      border-radius: var(--pill);
      color: var(--muted);
    }
    .back:hover {
      background: var(--brand-soft);
      color: var(--text);
    }
    h1 {
      min-width: 0;
      font-size: 1em;
      line-height: 1.3;
    }
    button {
      display: flex;
      align-items: center;
      gap: 12px;
      max-width: 100%;
      min-height: 52px;
      padding: 4px 14px 4px 8px;
      border-radius: var(--radius-tile);
      font-weight: inherit;
      text-align: start;
    }
    button:hover:not(:disabled) {
      background: var(--surface2);
    }
    .tile {
      display: grid;
      flex: none;
      place-items: center;
      width: 44px;
      height: 44px;
      margin-inline-start: 8px;
      border-radius: 15px;
      background: var(--brand-soft);
      color: var(--brand-text);
    }
    .words {
      display: grid;
      min-width: 0;
    }
    bdi,
    .words h1 {
      overflow: hidden;
      font-size: 1.06em;
      font-weight: 900;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    ch-notification-level-button {
      margin-inline-start: auto;
    }
    .more {
      --icon: 20px;
      margin-inline-start: 4px;
      color: var(--muted);
    }
    .typing {
      color: var(--brand-text);
      font-weight: 700;
    }
    .facts {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      color: var(--muted);
      font-size: 0.87em;
      font-weight: 500;
    }
  `,
})
export class ChatHeader {
  readonly conversation = input.required<Conversation>();
  /** For groups: number of members, once known. */
  readonly peopleCount = input<number>();
  /** For groups: true while its information is open, and true if that is beside the log. */
  readonly isInfoShown = input(false);
  readonly hasPanel = input(false);
  readonly infoAsked = output();
  protected readonly layout = inject(Layout);
  protected readonly presences = inject(AvatarPresences);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #cards = inject(PersonCardOverlay);
  protected readonly title = computed(() => this.#titles.titleOf()(this.conversation()));
  protected readonly isGroup = computed(() => this.conversation().kind === 'group');
  protected readonly peer = computed(() => this.#store.users().get(this.conversation().peerId ?? ''));
  protected readonly kind = computed(() => {
    const peer = this.peer();
    return !peer || peer.isGone || peer.kind === 'member' ? undefined : `person.kind.${peer.kind}`;
  });
  protected readonly hasPresence = computed(() => this.#store.statuses().has(this.conversation().peerId ?? ''));
  /** On phones the typing line is far from the name, so the header shows it too; elsewhere one line is enough. */
  protected readonly isTyping = computed(
    () => this.layout.isPhone() && !this.isGroup() && this.#store.typing(this.conversation().id).count > 0,
  );

  protected press(event: Event): void {
    const { peerId } = this.conversation();
    const anchor = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (this.isGroup()) this.infoAsked.emit();
    else if (peerId !== undefined) this.#cards.show({ userId: peerId, anchor });
  }
}
