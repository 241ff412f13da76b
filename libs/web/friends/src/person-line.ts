import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { People, PersonCardOverlay } from '@cloudhop/web/people';
import { AvatarPresences, PresenceText } from '@cloudhop/web/people/presence';
import { ClientStore } from '@cloudhop/web/state';
import { Avatar, injectTranslate } from '@cloudhop/web/ui';

/** Row of a user: pressed, it opens their card; actions stand beside it. */
@Component({
  selector: 'ch-person-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, PresenceText],
  template: `
    <button type="button" aria-haspopup="dialog" [disabled]="isGone()" (click)="showPerson($event)">
      <ch-avatar
        [seed]="person().id"
        [name]="person().initial"
        [color]="person().color"
        [presence]="presences.presenceOf()(userId())"
      />
      <span class="words">
        <bdi>{{ person().name }}</bdi>
        <span class="detail">
          @if (detail(); as detail) {
            <span>{{ detail }}</span>
          }
          @if (words() === undefined) {
            <ch-presence-text [userId]="userId()" />
          }
        </span>
      </span>
    </button>
    <ng-content select="[note]" />
    <div class="actions"><ng-content /></div>
  `,
  styles: `
    :host {
      --avatar: 44px;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 8px;
    }
    button {
      display: flex;
      flex: 1 1 180px;
      align-items: center;
      gap: 12px;
      min-width: 0;
      min-height: 56px;
      padding: 4px 8px;
      border-radius: var(--radius-tile);
      text-align: start;
    }
    button:hover:not(:disabled) {
      background: var(--surface2);
    }
    .words {
      display: grid;
      min-width: 0;
    }
    bdi,
    .detail {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    bdi {
      font-weight: 800;
    }
    .detail {
      color: var(--muted);
      font-size: 0.87em;
    }
    .detail > * + :not(:empty)::before {
      margin: 0 6px;
      content: '·';
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
})
export class PersonLine {
  readonly userId = input.required<string>();
  /** Text in place of username or tag. */
  readonly words = input<string>();
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #cards = inject(PersonCardOverlay);
  readonly #user = computed(() => this.#store.users().get(this.userId()));
  protected readonly person = computed(() => this.#people.personOf()(this.userId()));
  protected readonly isGone = computed(() => this.#user()?.isGone === true);
  protected readonly detail = computed(() => {
    const user = this.#user();
    if (this.words() !== undefined || !user || user.isGone) return this.words();
    return user.username === undefined ? user.tag && `#${user.tag}` : `@${user.username}`;
  });

  protected showPerson(event: Event): void {
    const anchor = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#cards.show({ userId: this.userId(), anchor });
  }
}
