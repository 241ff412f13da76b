import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  linkedSignal,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ApiToken } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { TokenForm, type MadeToken } from './token-form';
import { TokenLine } from './token-line';
import { TokenSecret } from './token-secret';

interface Known {
  whose: string | undefined;
  tokens: readonly ApiToken[] | undefined;
}

/** API tokens of the user: list, creation, revocation. */
@Component({
  selector: 'ch-api-tokens',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, RouterLink, TokenForm, TokenLine, TokenSecret],
  template: `
    <h2 #head tabindex="-1">{{ t('tokens.title') }}</h2>
    <p>
      {{ t('tokens.text') }}
      <a href="/api/docs" target="_blank" rel="noopener">{{ t('tokens.guide') }}</a>
    </p>
    @if (isGuest()) {
      <p>{{ t('tokens.guest') }}</p>
      <a chButton look="soft" routerLink="/settings" fragment="account">{{ t('tokens.makeAccount') }}</a>
    } @else {
      @if (made(); as made) {
        <ch-token-secret [made]="made" (closed)="close()" />
      }
      @if (tokens(); as tokens) {
        @for (token of tokens; track token.id) {
          <ch-token-line [token]="token" (revoked)="revoked(token)" />
        } @empty {
          <p>{{ t('tokens.none') }}</p>
        }
      } @else if (problem()) {
        <p class="problem" role="alert">{{ problem() }}</p>
        <button chButton look="soft" type="button" (click)="asked.reload()">{{ t('state.retry') }}</button>
      } @else {
        <div class="waiting" role="status" [attr.aria-label]="t('tokens.loading')"></div>
      }
      @if (isFormOpen()) {
        <ch-token-form (made)="take($event)" (cancelled)="close()" />
      } @else if (!made()) {
        <button #opener chButton look="soft" type="button" (click)="open()">{{ t('tokens.create') }}</button>
      }
    }
    <p class="said" role="status">{{ said() }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    h2 {
      font-size: 1.05em;
      font-weight: 800;
    }
    h2:focus-visible {
      outline: none;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    a:not([chButton]) {
      font-weight: 700;
    }
    :host > [chButton] {
      justify-self: start;
    }
    .said {
      color: var(--text);
      font-weight: 700;
    }
    .said:empty {
      display: none;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .waiting {
      height: 96px;
      border-radius: var(--radius-card);
      background: var(--surface2);
      animation: wait 1.6s ease-in-out infinite;
    }
    @keyframes wait {
      50% {
        opacity: 0.5;
      }
    }
  `,
})
export class ApiTokens {
  protected readonly t = injectTranslate();
  protected readonly isFormOpen = signal(false);
  protected readonly said = signal('');
  readonly #store = inject(ClientStore);
  readonly #injector = inject(Injector);
  readonly #me = computed(() => this.#store.me()?.id);
  /** Shown until the user confirms having stored it; never to another user. */
  protected readonly made = linkedSignal<string | undefined, MadeToken | undefined>({
    source: this.#me,
    computation: () => undefined,
  });
  protected readonly isGuest = computed(() => this.#store.me()?.kind === 'guest');
  protected readonly asked = resource({
    params: () => (this.isGuest() ? undefined : this.#me()),
    loader: async () => (await this.#store.act.call('tokens.list', {})).items,
  });
  /** Keeps the last list while a newer one is requested. */
  protected readonly tokens = linkedSignal<Known, readonly ApiToken[] | undefined>({
    source: () => ({ whose: this.#me(), tokens: this.asked.hasValue() ? this.asked.value() : undefined }),
    computation: (now, before) => now.tokens ?? (before?.source.whose === now.whose ? before?.value : undefined),
  });
  protected readonly problem = computed(() => {
    const error = this.asked.error();
    return error ? this.t(`errors.${errorBodyOf(error.cause ?? error).code}`) : '';
  });
  private readonly head = viewChild.required<ElementRef<HTMLElement>>('head');
  private readonly opener = viewChild<unknown, ElementRef<HTMLButtonElement>>('opener', { read: ElementRef });
  private readonly form = viewChild(TokenForm);
  private readonly secret = viewChild<unknown, ElementRef<HTMLElement>>(TokenSecret, { read: ElementRef });

  protected open(): void {
    this.said.set('');
    this.isFormOpen.set(true);
    this.#afterwards(() => this.form()?.focus());
  }

  protected close(): void {
    this.isFormOpen.set(false);
    this.made.set(undefined);
    this.#afterwards(() => this.opener()?.nativeElement.focus());
  }

  protected take(made: MadeToken): void {
    this.isFormOpen.set(false);
    this.made.set(made);
    this.asked.reload();
    this.#afterwards(() => {
      const card = this.secret()?.nativeElement;
      card?.querySelector('h3')?.focus();
      card?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected revoked(token: ApiToken): void {
    this.said.set(this.t('tokens.revoked', { name: token.label }));
    this.tokens.update((tokens) => tokens?.filter(({ id }) => id !== token.id));
    if (this.made()?.token.id === token.id) this.made.set(undefined);
    this.asked.reload();
    this.#afterwards(() => this.head().nativeElement.focus());
  }

  #afterwards(work: () => void): void {
    afterNextRender(work, { injector: this.#injector });
  }
}
