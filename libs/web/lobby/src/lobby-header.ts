import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { PinsOverlay } from '@cloudhop/web/messages';
import { SearchOverlay } from '@cloudhop/web/navigation';
import { ClientStore, Language, Layout, presenceCount } from '@cloudhop/web/state';
import { Icon, IconButton, Mascot, injectTranslate } from '@cloudhop/web/ui';
import { retentionOf } from './retention';

/** Header of the lobby: title, users online, retention. */
@Component({
  selector: 'ch-lobby-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, IconButton, Mascot],
  template: `
    <span class="tile"><ch-mascot pose="plain" /></span>
    <div class="words">
      <h1>{{ t('lobby.title') }}</h1>
      @if (facts(); as facts) {
        <p>
          @if (facts.online) {
            <span class="online" [class.stale]="!facts.isLive"><i aria-hidden="true"></i>{{ facts.online }}</span>
          }
          @if (facts.kept) {
            <span class="kept">{{ facts.kept }}</span>
          }
        </p>
      }
    </div>
    @if (conversationId(); as id) {
      <button
        chIconButton
        type="button"
        aria-haspopup="dialog"
        [attr.aria-label]="t('search.open')"
        [title]="t('search.open')"
        (click)="search.show({ conversationId: id })"
      >
        <ch-icon name="search" />
      </button>
      <button
        chIconButton
        type="button"
        aria-haspopup="dialog"
        [attr.aria-label]="t('pins.title')"
        [title]="t('pins.title')"
        (click)="pins.show(id)"
      >
        <ch-icon name="pin" />
      </button>
    }
    <button
      chIconButton
      type="button"
      [attr.aria-label]="t('lobby.people')"
      [attr.aria-expanded]="isPeopleShown()"
      (click)="peopleAsked.emit()"
    >
      <ch-icon name="people" />
    </button>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 4px;
      min-height: 64px;
      padding: 6px 14px 6px 20px;
      padding-top: calc(6px + var(--safe-top));
      border-bottom: 1px solid var(--line);
      background: var(--surface);
    }
    .tile {
      --mascot: 42px;
      display: grid;
      flex: none;
      place-items: center;
      width: 48px;
      height: 48px;
    }
    .words {
      flex: 1;
      min-width: 0;
      margin-inline: 8px 4px;
    }
    h1 {
      font-size: 1.13em;
      font-weight: 900;
      line-height: 1.3;
    }
    p {
      display: flex;
      flex-wrap: wrap;
      overflow: hidden;
      max-height: 1.5em;
      color: var(--muted);
      font-size: 0.87em;
      line-height: 1.5;
    }
    p span {
      white-space: nowrap;
    }
    .online {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      font-variant-numeric: tabular-nums;
    }
    i {
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--ok);
      transition: background 0s 400ms;
    }
    /* The count is the last known one: the light goes out with the connection, but not during a short interruption. */
    .stale i {
      background: var(--line-strong);
    }
    .online + .kept::before {
      margin: 0 6px;
      content: '·';
    }
    @media (max-width: 719px) {
      :host {
        padding-inline: 12px 8px;
      }
      /* Beside three buttons both facts need a line each. */
      p {
        flex-direction: column;
        max-height: none;
        line-height: 1.35;
      }
      .online + .kept::before {
        content: none;
      }
    }
  `,
})
export class LobbyHeader {
  readonly conversationId = input<string>();
  readonly isPeopleShown = input.required<boolean>();
  readonly peopleAsked = output();
  protected readonly t = injectTranslate();
  protected readonly layout = inject(Layout);
  protected readonly search = inject(SearchOverlay);
  protected readonly pins = inject(PinsOverlay);
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);

  protected readonly facts = computed(() => {
    const id = this.conversationId();
    if (id === undefined) return undefined;
    const { count = 0, isAtLeast } = this.#store.presence(id) ?? {};
    const retentionMs = this.#store.timeline(id)?.conversation.retentionMs;
    const kept = retentionMs === undefined ? undefined : retentionOf(retentionMs);
    return {
      isLive: ['live', 'catchingUp'].includes(this.#store.connection().phase),
      online: count < 1 ? '' : this.#counted('lobby.online', count, isAtLeast),
      kept: kept ? this.#counted(`lobby.${kept.unit}`, kept.count) : '',
    };
  });

  #counted(key: string, count: number, isAtLeast?: boolean): string {
    const formatted = presenceCount(this.t, this.#language.numbers().format(count), isAtLeast);
    return this.t(`${key}.${count === 1 ? 'one' : 'other'}`, { count: formatted });
  }
}
