import { ChangeDetectionStrategy, Component, computed, effect, inject, input, output } from '@angular/core';
import { People, PersonCardOverlay } from '@cloudhop/web/people';
import { ClientStore, Language, presenceCount, PresenceList } from '@cloudhop/web/state';
import { Avatar, Button, injectTranslate } from '@cloudhop/web/ui';
import { Switch } from '@cloudhop/web/ui/form';
import { NameCard } from './name-card';

/** Panel with the user and everybody online: a pane on large screens, a sheet on small ones. */
@Component({
  selector: 'ch-people-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, NameCard, Switch],
  providers: [PresenceList],
  template: `
    <ch-name-card />
    <section class="here" [attr.aria-labelledby]="titleId">
      <h2 [id]="titleId">{{ t('people.online', { count: count() }) }}</h2>
      @if (list.error() && list.items().length === 0) {
        <p class="quiet">{{ t('errors.' + list.error()!.code) }}</p>
        <button chButton look="soft" type="button" (click)="list.refresh()">{{ t('state.retry') }}</button>
      } @else if (people().length === 0 && !list.isLoading()) {
        <p class="quiet">{{ t('people.nobody') }}</p>
      }
      <ul>
        @for (person of people(); track person.id) {
          <li>
            <button type="button" class="person" aria-haspopup="dialog" (click)="showPerson(person.id, $event)">
              <ch-avatar [seed]="person.id" [name]="person.initial" [color]="person.color" />
              <bdi>{{ person.name }}</bdi>
              @if (person.isMe) {
                <span class="me">{{ t('people.you') }}</span>
              }
              @if (person.tag) {
                <span class="tag">#{{ person.tag }}</span>
              } @else if (person.handle; as handle) {
                <span class="tag">{{ handle }}</span>
              }
            </button>
          </li>
        }
      </ul>
      @if (list.hasMore()) {
        <button chButton look="soft" type="button" [disabled]="list.isLoading()" (click)="list.loadMore()">
          {{ t('people.more') }}
        </button>
      }
    </section>
    <ch-switch
      class="hide"
      [isOn]="store.isHidden()"
      [label]="t('people.hide')"
      [hint]="t('people.hideHint')"
      (toggled)="store.act.setHidden($event)"
    />
  `,
  styleUrl: './people-panel.css',
})
export class PeoplePanel {
  readonly conversationId = input.required<string>();
  /** Inserts a mention into the composer. */
  readonly mention = input<(name: string) => void>();
  /** Emits when a user's card replaces this. */
  readonly cardOpened = output();
  protected readonly store = inject(ClientStore);
  protected readonly list = inject(PresenceList);
  protected readonly t = injectTranslate();
  readonly #people = inject(People);
  readonly #cards = inject(PersonCardOverlay);
  readonly #language = inject(Language);
  protected readonly titleId = 'ch-people-here';

  protected readonly count = computed(() => {
    const { count = this.list.items().length, isAtLeast } = this.store.presence(this.conversationId()) ?? {};
    return presenceCount(this.t, this.#language.numbers().format(count), isAtLeast);
  });
  protected readonly people = computed(() => {
    const me = this.store.me()?.id;
    return this.list.items().map((user) => ({ ...this.#people.named(user), isMe: user.id === me }));
  });

  constructor() {
    effect(() => this.list.follow(this.conversationId()));
  }

  protected showPerson(userId: string, event: Event): void {
    const anchor = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const mention = this.mention();
    this.cardOpened.emit();
    this.#cards.show({ userId, anchor, ...(mention && { mention }) });
  }
}
