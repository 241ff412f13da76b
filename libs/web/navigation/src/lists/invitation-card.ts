import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import type { Invitation } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, injectTask, nameWithTag } from '@cloudhop/web/state';
import { Avatar, Button, injectTranslate } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';

/** Invitation to a group or room, with buttons to join or decline. */
@Component({
  selector: 'ch-invitation-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, RoomTile],
  host: { role: 'group', '[attr.aria-label]': 'sentence()' },
  template: `
    <div class="what">
      @if (invitation().slug) {
        <ch-room-tile [seed]="conversationId()" />
      } @else {
        <ch-avatar [seed]="conversationId()" [name]="invitation().title ?? ''" [color]="invitation().color" />
      }
      <p>
        {{ sentence() }}
        <span>{{ people() }}</span>
      </p>
    </div>
    <div class="buttons">
      <button chButton type="button" [disabled]="task.isBusy()" (click)="join()">{{ t('groups.join') }}</button>
      <button chButton look="soft" type="button" [disabled]="task.isBusy()" (click)="decline()">
        {{ t('person.decline') }}
      </button>
    </div>
    <p class="problem" role="alert">{{ task.problem() }}</p>
  `,
  styles: `
    :host {
      --avatar: 46px;
      display: grid;
      gap: 10px;
      padding: 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    .what {
      display: flex;
      align-items: center;
      gap: 12px;
    }
    p {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    p span {
      display: block;
      color: var(--muted);
      font-size: 0.87em;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .buttons button {
      flex: 1;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .problem:empty {
      display: none;
    }
  `,
})
export class InvitationCard {
  readonly conversationId = input.required<string>();
  readonly invitation = input.required<Invitation>();
  protected readonly t = injectTranslate();
  protected readonly task = injectTask(({ code }) =>
    code === 'limit_reached' || code === 'not_found' ? `groups.problems.${code}` : `errors.${code}`,
  );
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #router = inject(Router);
  protected readonly sentence = computed(() => {
    const { invitedBy, title = '' } = this.invitation();
    return this.t('groups.asksYou', {
      name: `\u2068${nameWithTag(this.#people.personOf()(invitedBy))}\u2069`,
      title: `\u2068${title}\u2069`,
    });
  });
  protected readonly people = computed(() => {
    const count = this.invitation().memberCount;
    return this.t(`groups.people.${count === 1 ? 'one' : 'other'}`, { count });
  });

  protected async join(): Promise<void> {
    const id = this.conversationId();
    const { slug } = this.invitation();
    const { act } = this.#store;
    const isDone = await this.task.run(() => (slug === undefined ? act.joinGroup(id) : act.joinRoom(id)));
    if (isDone) await this.#router.navigate(slug === undefined ? ['/chats', id] : ['/r', slug]);
  }

  protected async decline(): Promise<void> {
    const id = this.conversationId();
    const { act } = this.#store;
    await this.task.run(() =>
      this.invitation().slug === undefined ? act.call('groups.leave', { params: { id } }) : act.leaveRoom(id),
    );
  }
}
