import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore } from '@cloudhop/web/state';
import { injectTranslate, type IconName } from '@cloudhop/web/ui';
import { ConversationTitles } from './conversation-titles';
import { conversationLink } from './conversation-link';

/** Names the conversation of a message found elsewhere, and navigates to the message. */
@Injectable({ providedIn: 'root' })
export class MessageLocations {
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #router = inject(Router);
  readonly #t = injectTranslate();

  /** Returns the conversation's name; "another place" if it is unknown. Reactive. */
  titleOf(conversationId: string): { name: string; icon: IconName } {
    const summary = this.#store.conversations().get(conversationId);
    if (!summary) return { name: this.#t('search.elsewhere'), icon: 'chats' };
    const { name, icon } = this.#titles.titleOf()(summary.conversation);
    return { name, icon: icon ?? (summary.conversation.kind === 'direct' ? 'person' : 'people') };
  }

  /** Opens the conversation at a message. */
  async go(conversationId: string, seq: number, extras: { replaceUrl?: boolean } = {}): Promise<void> {
    const conversation = this.#store.conversations().get(conversationId)?.conversation;
    const link = conversationLink(conversation ?? { id: conversationId, kind: 'room' });
    await this.#router.navigate([...link], extras);
    this.#store.act.jumpTo(conversationId, seq);
  }
}
