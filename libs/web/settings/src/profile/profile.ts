import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AvatarColor } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { NameForm } from '@cloudhop/web/people/person';
import { ClientStore, errorBodyOf, hasOwnName } from '@cloudhop/web/state';
import { Avatar, Button, Icon, injectTranslate } from '@cloudhop/web/ui';
import { ColorChoice } from './color-choice';

/** Public profile of the user. */
@Component({
  selector: 'ch-profile',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, ColorChoice, Icon, NameForm, RouterLink],
  template: `
    @if (me(); as me) {
      <h2>{{ t('settings.profile.title') }}</h2>
      <div class="who">
        <ch-avatar [isLarge]="true" [seed]="me.id" [name]="me.initial" [color]="color()" />
        <p>
          <bdi>{{ me.name }}</bdi>
          @if (me.tag) {
            <span>#{{ me.tag }}</span>
          }
        </p>
        @if (!isNaming()) {
          <button chButton look="soft" type="button" (click)="startNaming()">
            {{ t(me.isNamed ? 'people.changeName' : 'people.chooseName') }}
          </button>
        }
      </div>
      @if (isNaming()) {
        <ch-name-form (saved)="named($event)" (cancelled)="isNaming.set(false)" />
      }
      <p class="said" role="status">{{ said() }}</p>
      <ch-color-choice [value]="color()" [initial]="me.initial" (chosen)="chooseColor($event)" />
      <p class="problem" role="alert">{{ problem() }}</p>
      @if (me.username) {
        <a chButton look="soft" [routerLink]="['/u', me.username]">
          <ch-icon name="link" />{{ t('settings.profile.open') }}
        </a>
      } @else {
        <p>{{ t('settings.profile.noLink') }}</p>
      }
    }
  `,
  styles: `
    :host {
      --icon: 19px;
      display: grid;
      justify-items: start;
      gap: 12px;
    }
    h2 {
      font-size: 1.05em;
      font-weight: 800;
    }
    .who {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 14px;
      width: 100%;
    }
    .who p {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 8px;
      min-width: 8em;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    bdi {
      color: var(--text);
      font-size: 1.1em;
      font-weight: 900;
      overflow-wrap: anywhere;
    }
    .said {
      color: var(--text);
      font-weight: 700;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .said:empty,
    .problem:empty {
      display: none;
    }
  `,
})
export class Profile {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly t = injectTranslate();
  protected readonly isNaming = signal(false);
  protected readonly said = signal('');
  protected readonly problem = signal('');
  /** Optimistic value, until the server confirms or refuses it. */
  readonly #chosen = signal<AvatarColor | undefined>(undefined);
  protected readonly me = computed(() => {
    const user = this.#store.me();
    return user && { ...this.#people.named(user), isNamed: hasOwnName(user), username: user.username };
  });
  protected readonly color = computed(() => this.#chosen() ?? this.me()?.color);

  protected startNaming(): void {
    this.said.set('');
    this.isNaming.set(true);
  }

  protected named(name: string): void {
    this.isNaming.set(false);
    this.said.set(this.t('people.saved', { name }));
  }

  protected async chooseColor(color: AvatarColor): Promise<void> {
    this.#chosen.set(color);
    this.problem.set('');
    try {
      await this.#store.act.changeProfile({ color });
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      if (this.#chosen() === color) this.#chosen.set(undefined);
    }
  }
}
