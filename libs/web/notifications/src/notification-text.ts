import { Injectable, inject } from '@angular/core';
import { ConversationTitles } from '@cloudhop/web/navigation';
import { MentionLookup, People } from '@cloudhop/web/people';
import { ClientStore, nameWithTag } from '@cloudhop/web/state';
import { bidiIsolate, injectTranslate, plainOf } from '@cloudhop/web/ui';
import type { NotificationSummary } from './notification-events';

/** Maximum length of a quoted message. */
const shownCharacters = 90;

/** Localised texts of notifications. */
@Injectable({ providedIn: 'root' })
export class NotificationText {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #names = inject(MentionLookup);
  readonly #titles = inject(ConversationTitles);
  readonly #t = injectTranslate();

  sentenceOf({ key, userId, conversationId, text, count }: NotificationSummary): string {
    return this.#t(`news.${key}`, {
      name: bidiIsolate(this.nameOf(userId)),
      title: bidiIsolate(this.titleOf(conversationId)),
      text: truncate(plainOf(text, this.#names.mentionOf())),
      count,
    });
  }

  nameOf(userId: string | undefined): string {
    if (userId === undefined) return '';
    return nameWithTag(this.#people.personOf()(userId));
  }

  titleOf(conversationId: string | undefined): string {
    const id = conversationId ?? '';
    const summary = this.#store.conversations().get(id);
    if (summary) return this.#titles.titleOf()(summary.conversation).name;
    return this.#store.invitations().get(id)?.title ?? '';
  }
}

export function truncate(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters).trimEnd()}…` : text;
}
