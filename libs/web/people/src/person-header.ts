import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { Profile, User } from '@cloudhop/contracts';
import { Language } from '@cloudhop/web/state';
import { Avatar, KindBadge, injectTranslate } from '@cloudhop/web/ui';
import { People } from './people';
import { PresenceText } from './presence-text';
import { AvatarPresences } from './avatar-presences';

/** Maximum number of former names shown. */
const formerNames = 3;

/** Avatar, name, presence and former names of a person. */
@Component({
  selector: 'ch-person-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, KindBadge, PresenceText],
  template: `
    <ch-avatar
      [isLarge]="true"
      [seed]="user().id"
      [name]="person().initial"
      [color]="person().color"
      [presence]="presences.presenceOf()(user().id)"
    />
    <p class="name">
      <bdi>{{ person().name }}</bdi>
      @if (kind(); as kind) {
        <ch-kind-badge>{{ t('person.kind.' + kind) }}</ch-kind-badge>
      }
    </p>
    @if (!user().isGone) {
      @if (user().username; as username) {
        <p class="quiet">
          <bdi>&#64;{{ username }}</bdi>
        </p>
      } @else if (person().tag) {
        <p class="quiet">#{{ person().tag }}</p>
      }
      <ch-presence-text class="quiet" [userId]="user().id" />
      @for (former of former(); track former.until) {
        <p class="quiet">{{ former.words }}</p>
      }
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 2px;
      text-align: center;
    }
    ch-avatar {
      --avatar: 72px;
      margin-bottom: 8px;
    }
    .name {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 2px 8px;
      max-width: 100%;
      font-size: 1.2em;
      font-weight: 900;
    }
    ch-kind-badge {
      font-size: 0.7em;
    }
    bdi {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .quiet {
      max-width: 100%;
      color: var(--muted);
      font-size: 0.93em;
      overflow-wrap: anywhere;
    }
  `,
})
export class PersonHeader {
  readonly user = input.required<User>();
  readonly profile = input<Profile>();
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  readonly #people = inject(People);
  readonly #language = inject(Language);
  protected readonly person = computed(() => this.#people.named(this.user()));
  protected readonly kind = computed(() => {
    const { kind, isGone } = this.user();
    return isGone || kind === 'member' ? undefined : kind;
  });
  protected readonly former = computed(() =>
    (this.profile()?.formerNames ?? []).slice(0, formerNames).map(({ name, until }) => ({
      until,
      words: this.t('person.was', { name: `\u2068${name}\u2069`, when: this.#language.dates().dayLabel(until) }),
    })),
  );
}
