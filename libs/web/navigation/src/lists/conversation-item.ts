import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ConversationSummary } from '@cloudhop/sdk';
import { MentionLookup, People } from '@cloudhop/web/people';
import { AvatarPresences } from '@cloudhop/web/people/presence';
import { ClientStore, Clock, Language, nameWithTag } from '@cloudhop/web/state';
import { Avatar, CountBadge, Icon, injectTranslate, plainOf, type MenuPoint } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';
import { ConversationTitles } from '../conversation-titles';
import { conversationBadges } from './conversation-badges';
import { conversationLink } from '../conversation-link';

/** Item of the conversation list: name, last message and badges. */
@Component({
  selector: 'ch-conversation-item',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, CountBadge, Icon, RoomTile, RouterLink],
  host: { '[attr.data-id]': 'summary().conversation.id', '[class.here]': 'isOpen()' },
  templateUrl: './conversation-item.html',
  styleUrl: './conversation-item.css',
})
export class ConversationItem {
  readonly summary = input.required<ConversationSummary>();
  readonly isOpen = input(false);
  readonly isMenuOpen = input(false);
  readonly hasMenu = input(true);
  readonly menuAsked = output<MenuPoint>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #clock = inject(Clock);
  readonly #people = inject(People);
  readonly #names = inject(MentionLookup);
  readonly #presences = inject(AvatarPresences);
  readonly #titles = inject(ConversationTitles);

  protected readonly title = computed(() => this.#titles.titleOf()(this.summary().conversation));
  protected readonly link = computed(() => conversationLink(this.summary().conversation));
  protected readonly time = computed(() => {
    const at = this.summary().last?.createdAt;
    if (at === undefined) return '';
    this.#clock.day();
    const { dayKey, dayLabel, time } = this.#language.dates();
    return dayKey(at) === dayKey(new Date().toISOString()) ? time(at) : dayLabel(at);
  });
  protected readonly presence = computed(() => this.#presences.presenceOf()(this.summary().conversation.peerId));
  protected readonly marks = computed(() => conversationBadges(this.summary(), this.#store.blocks()));
  protected readonly draft = computed(() => (this.isOpen() ? '' : (this.summary().draft ?? '').trim()));
  protected readonly text = computed(() => {
    const { last, conversation } = this.summary();
    if (!last)
      return conversation.peerId === this.#store.me()?.id ? this.t('chats.savedHint') : this.t('chats.nothing');
    const isPublic = conversation.kind !== 'direct';
    if (isPublic && this.#store.blocks().has(last.authorId)) return this.t('timeline.folded.one');
    const text = last.isDeleted ? this.t('message.deleted') : plainOf(last.body, this.#names.mentionOf());
    const isSaved = conversation.peerId === this.#store.me()?.id;
    if (last.authorId === this.#store.me()?.id) return isSaved ? text : this.t('chats.you', { text });
    return isPublic ? this.t('chats.said', { name: nameWithTag(this.#people.personOf()(last.authorId)), text }) : text;
  });

  protected openMenu(event: Event): void {
    const { left, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.menuAsked.emit({ x: left, y: bottom + 4 });
  }
}
