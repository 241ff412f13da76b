import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language, errorBodyOf, nameWithTag } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { fetchAllPages } from './fetch-all-pages';

/** Earlier versions of a message, shown to its author and to moderators. */
@Component({
  selector: 'ch-edit-history',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button],
  template: `
    <p class="hint">{{ t('edits.hint') }}</p>
    @if (failure()) {
      <p role="alert">{{ failure() }}</p>
      <button chButton look="quiet" type="button" (click)="asked.reload()">{{ t('state.retry') }}</button>
    } @else if (asked.isLoading()) {
      <p role="status">{{ t('edits.loading') }}</p>
    }
    <ol>
      @for (text of texts(); track $index) {
        <li>
          <span class="when">
            <bdi>{{ text.name }}</bdi> · <time [attr.datetime]="text.at">{{ text.when }}</time>
            @if ($first) {
              <b>{{ t('edits.now') }}</b>
            }
          </span>
          <span class="text" dir="auto">{{ text.body }}</span>
        </li>
      }
    </ol>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      padding: 0 20px 20px;
    }
    p,
    .when {
      color: var(--muted);
      font-size: 0.87em;
    }
    ol {
      display: grid;
      gap: 10px;
    }
    li {
      display: grid;
      gap: 3px;
    }
    .when b {
      margin-inline-start: 6px;
      color: var(--brand-text);
    }
    .text {
      padding: 8px 14px;
      border-radius: var(--radius-bubble);
      background: var(--surface2);
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
  `,
})
export class EditHistory {
  readonly message = input.required<Message>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #language = inject(Language);

  protected readonly asked = resource({
    params: () => `${this.message().conversationId} ${this.message().id} ${this.message().editedAt}`,
    loader: () => {
      const { conversationId, id: messageId } = this.message();
      const params = { id: conversationId, messageId };
      return fetchAllPages((query) => this.#store.act.call('messages.edits', { params, ...query }));
    },
  });
  protected readonly texts = computed(() => {
    if (!this.asked.hasValue()) return [];
    const { items, users } = this.asked.value();
    const { fullTime } = this.#language.dates();
    const personOf = this.#people.withUsers(users);
    return items.map(({ userId, body, at }) => ({ body, at, name: nameWithTag(personOf(userId)), when: fullTime(at) }));
  });
  protected readonly failure = computed(() => {
    const error = this.asked.error();
    return error ? this.t(`errors.${errorBodyOf(error.cause ?? error).code}`) : '';
  });
}
