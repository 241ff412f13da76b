import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
} from '@angular/core';
import type { RouteReply } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Avatar, Button, injectTranslate, type MessageRow } from '@cloudhop/web/ui';

type Page = RouteReply<'messages.reactions'>;

/** List of the people who reacted to a message, by emoji. */
@Component({
  selector: 'ch-reaction-names',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button],
  template: `
    <div class="kinds" role="group" [attr.aria-label]="t('reactions.kinds')">
      <button type="button" [attr.aria-pressed]="emoji() === undefined" (click)="emoji.set(undefined)">
        {{ t('reactions.all') }}
      </button>
      @for (reaction of line().message.reactions; track reaction.emoji) {
        <button type="button" [attr.aria-pressed]="emoji() === reaction.emoji" (click)="emoji.set(reaction.emoji)">
          {{ reaction.emoji }} <b>{{ reaction.count }}</b>
        </button>
      }
    </div>
    @if (failure()) {
      <p role="alert">{{ failure() }}</p>
      <button chButton look="quiet" type="button" (click)="asked.reload()">{{ t('state.retry') }}</button>
    } @else if (asked.isLoading() && people().length === 0) {
      <p role="status">{{ t('reactions.loading') }}</p>
    }
    <ul>
      @for (person of people(); track person.key) {
        <li>
          <ch-avatar [seed]="person.id" [name]="person.initial" [color]="person.color" />
          <bdi>{{ person.name }}</bdi>
          @if (person.tag) {
            <span class="tag">#{{ person.tag }}</span>
          } @else if (person.handle; as handle) {
            <span class="tag">{{ handle }}</span>
          }
          <span class="emoji">{{ person.emoji }}</span>
        </li>
      }
    </ul>
    @if (cursor()) {
      <button chButton look="quiet" type="button" [disabled]="isBusy()" (click)="more()">{{ t('people.more') }}</button>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
      padding: 6px 20px 20px;
    }
    .kinds {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    .kinds button {
      min-height: 40px;
      padding: 0 14px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      font-weight: 700;
    }
    .kinds [aria-pressed='true'] {
      border-color: var(--brand);
      background: var(--brand-soft);
    }
    p,
    .tag {
      color: var(--muted);
      font-size: 0.87em;
    }
    li {
      --avatar: 32px;
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 42px;
    }
    bdi {
      overflow: hidden;
      min-width: 0;
      font-weight: 700;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .emoji {
      margin-inline-start: auto;
      font-size: 1.25em;
    }
  `,
})
export class ReactionNames {
  /** Current version of the message: the list is reloaded when the counts of its reactions change. */
  readonly line = input.required<MessageRow['line']>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly emoji = signal<string | undefined>(undefined);
  protected readonly isBusy = signal(false);

  protected readonly asked = resource({
    params: () => {
      const { conversationId, id, reactions } = this.line().message;
      const emoji = this.emoji();
      return `${conversationId} ${id} ${emoji ?? ''} ${reactions.map(({ emoji, count }) => emoji + count).join()}`;
    },
    loader: () => this.#ask(),
  });
  /** Keeps the previous list while it is reloaded. */
  readonly #pages = linkedSignal<Page | undefined, Page | undefined>({
    source: () => (this.asked.hasValue() ? this.asked.value() : undefined),
    computation: (now, before) => now ?? before?.value,
  });
  protected readonly cursor = computed(() => this.#pages()?.nextCursor);
  protected readonly people = computed(() => {
    const { items = [], users = [] } = this.#pages() ?? {};
    const personOf = this.#people.withUsers(users);
    return items.map(({ userId, emoji }) => ({ ...personOf(userId), emoji, key: `${userId} ${emoji}` }));
  });
  protected readonly failure = computed(() => {
    const error = this.asked.error();
    return error ? this.t(`errors.${errorBodyOf(error.cause ?? error).code}`) : '';
  });

  protected async more(): Promise<void> {
    const before = this.#pages();
    if (this.isBusy() || !before) return;
    this.isBusy.set(true);
    const page = await this.#ask(before.nextCursor).catch(() => undefined);
    this.isBusy.set(false);
    // The selection changed while the page was loading.
    if (!page || this.#pages() !== before) return;
    this.#pages.update((before) => ({
      items: [...(before?.items ?? []), ...page.items],
      users: [...(before?.users ?? []), ...page.users],
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
    }));
  }

  #ask(cursor?: string): Promise<Page> {
    const { conversationId, id: messageId } = this.line().message;
    const emoji = this.emoji();
    const query = { ...(emoji !== undefined && { emoji }), ...(cursor !== undefined && { cursor }) };
    return this.#store.act.call('messages.reactions', { params: { id: conversationId, messageId }, query });
  }
}
