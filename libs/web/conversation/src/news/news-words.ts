import { Injectable, inject } from '@angular/core';
import { ClientStore, nameWithTag } from '@cloudhop/web/state';
import { injectTranslate, plainOf } from '@cloudhop/web/ui';
import { ConversationTitles } from '../list/conversation-titles';
import { People } from '../person/people';
import type { Headline } from './news';
import { NameKeys } from '../log/name-keys';

/** As much of a message as fits a line or two. */
const shownCharacters = 90;

/** News as sentences in the page's language. */
@Injectable({ providedIn: 'root' })
export class NewsWords {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #names = inject(NameKeys);
  readonly #titles = inject(ConversationTitles);
  readonly #t = injectTranslate();

  sentenceOf({ key, userId, conversationId, text, count }: Headline): string {
    return this.#t(`news.${key}`, {
      name: isolated(this.nameOf(userId)),
      title: isolated(this.titleOf(conversationId)),
      text: shortened(plainOf(text, this.#names.mentionOf())),
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

/** Isolates keep a name of the other direction from turning the sentence around it. */
export function isolated(name: string): string {
  return name === '' ? '' : `\u2068${name}\u2069`;
}

export function shortened(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters).trimEnd()}…` : text;
}
