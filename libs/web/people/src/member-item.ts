import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  model,
  output,
  viewChild,
} from '@angular/core';
import { ClientStore, type NamedPerson } from '@cloudhop/web/state';
import { Avatar, Icon, IconButton, KindBadge, injectTranslate, type AvatarPresence } from '@cloudhop/web/ui';

/**
 * Row of a member of a group or room, with role and actions. Projected content is placed below the name; content marked
 * `acts` below the row while it is open.
 */
@Component({
  selector: 'ch-member-item',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon, IconButton, KindBadge],
  template: `
    <div class="line">
      <button type="button" class="who" aria-haspopup="dialog" [disabled]="isGone()" (click)="show($event)">
        <ch-avatar
          [seed]="person().id"
          [name]="person().initial"
          [color]="person().color"
          [presence]="presence() || undefined"
        />
        <span class="words">
          <span class="top">
            <bdi>{{ person().name }}</bdi>
            @if (isMe()) {
              <ch-kind-badge>{{ t('people.you') }}</ch-kind-badge>
            }
            @if (role(); as role) {
              <ch-kind-badge class="role">{{ role }}</ch-kind-badge>
            }
            @if (isBot()) {
              <ch-kind-badge>{{ t('person.kind.bot') }}</ch-kind-badge>
            }
          </span>
          <span class="detail"><ng-content /></span>
        </span>
      </button>
      @if (hasActs()) {
        <button
          #more
          chIconButton
          type="button"
          [attr.aria-expanded]="isOpen()"
          [attr.aria-label]="t('groups.actsOf', { name: person().name })"
          (click)="isOpen.set(!isOpen())"
        >
          <ch-icon name="more" />
        </button>
      }
    </div>
    @if (isOpen() && hasActs()) {
      <div #acts class="acts"><ng-content select="[acts]" /></div>
    }
  `,
  styles: `
    :host {
      --avatar: 38px;
      display: block;
    }
    .line {
      display: flex;
      align-items: center;
      gap: 4px;
    }
    .who {
      display: flex;
      flex: 1;
      align-items: center;
      gap: 11px;
      min-width: 0;
      min-height: 52px;
      padding: 4px 8px;
      border-radius: var(--radius-tile);
      text-align: start;
    }
    .who:hover:not(:disabled) {
      background: var(--surface2);
    }
    .words {
      display: grid;
      min-width: 0;
    }
    .top {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    bdi,
    .detail {
      overflow: hidden;
      min-width: 0;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    bdi {
      font-weight: 800;
    }
    .role {
      background: var(--butter);
    }
    .detail {
      color: var(--muted);
      font-size: 0.87em;
    }
    .acts {
      --icon: 19px;
      display: grid;
      padding-inline-start: 49px;
    }
  `,
})
export class MemberItem {
  readonly person = input.required<NamedPerson>();
  readonly presence = input<AvatarPresence | false>();
  /** Role in words; undefined for an ordinary member. */
  readonly role = input<string>();
  readonly isGone = input(false);
  readonly isBot = input(false);
  readonly hasActs = input(false);
  readonly isOpen = model(false);
  readonly shown = output<DOMRect>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  protected readonly isMe = computed(() => this.person().id === this.#store.me()?.id);

  private readonly more = viewChild<unknown, ElementRef<HTMLElement>>('more', { read: ElementRef });
  private readonly actsBox = viewChild<ElementRef<HTMLElement>>('acts');

  constructor() {
    effect(() => {
      // The pressed action disappears with the others; the focus stays on the row.
      if (!this.isOpen() && this.actsBox()?.nativeElement.contains(document.activeElement))
        this.more()?.nativeElement.focus();
    });
  }

  protected show(event: Event): void {
    this.shown.emit((event.currentTarget as HTMLElement).getBoundingClientRect());
  }
}

/** Action on a member. */
@Component({
  selector: 'button[chMemberAction]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-content />`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 44px;
      padding: 4px 12px;
      border-radius: 14px;
      font-weight: 700;
      text-align: start;
    }
    :host(:hover) {
      background: var(--surface2);
    }
    :host(.danger) {
      color: var(--danger);
    }
  `,
})
export class MemberAction {}
