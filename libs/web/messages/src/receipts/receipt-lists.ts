import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language } from '@cloudhop/web/state';
import { Avatar, injectTranslate } from '@cloudhop/web/ui';
import { reachOf, readersOf, type Reach } from './receipts';

const reaches: readonly Reach[] = ['read', 'delivered', 'waiting', 'unknown'];

/** Lists of the people who have read, received or not yet received a message. */
@Component({
  selector: 'ch-receipt-lists',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar],
  template: `
    @for (list of lists(); track list.reach) {
      <section [attr.aria-label]="t('receipts.lists.' + list.reach)">
        <h3>
          {{ t('receipts.lists.' + list.reach) }}
          @if (list.people.length > 1) {
            <span>{{ list.people.length }}</span>
          }
        </h3>
        @if (list.reach === 'unknown') {
          <p>{{ t('receipts.unknownHint') }}</p>
        }
        <ul>
          @for (person of list.people; track person.id) {
            <li>
              <ch-avatar [seed]="person.id" [name]="person.initial" [color]="person.color" />
              <bdi>{{ person.name }}</bdi>
              @if (person.tag) {
                <span>#{{ person.tag }}</span>
              } @else if (person.handle; as handle) {
                <span>{{ handle }}</span>
              }
            </li>
          }
        </ul>
      </section>
    } @empty {
      <p>{{ t('receipts.nobody') }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 14px;
      padding: 6px 20px 20px;
    }
    h3 {
      display: flex;
      gap: 6px;
      color: var(--muted);
      font-size: 0.87em;
      font-weight: 800;
    }
    h3 span,
    li span {
      color: var(--muted);
      font-variant-numeric: tabular-nums;
    }
    p {
      color: var(--muted);
      font-size: 0.87em;
    }
    li {
      --avatar: 32px;
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 40px;
    }
    li span {
      flex: none;
      font-size: 0.87em;
    }
    bdi {
      overflow: hidden;
      min-width: 0;
      font-weight: 700;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
})
export class ReceiptLists {
  readonly view = input.required<TimelineView>();
  readonly seq = input.required<number>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #language = inject(Language);

  protected readonly lists = computed(() => {
    const { conversation, members, marks } = this.view();
    const { compare } = new Intl.Collator(this.#language.current());
    const personOf = this.#people.personOf();
    const readers = readersOf(conversation, members, this.#store.me()?.id);
    const byReach = Map.groupBy(readers, (id) => reachOf(this.seq(), marks?.get(id)));
    return reaches.flatMap((reach) => {
      const people = (byReach.get(reach) ?? []).map(personOf).sort((a, b) => compare(a.name, b.name));
      return people.length === 0 ? [] : [{ reach, people }];
    });
  });
}
