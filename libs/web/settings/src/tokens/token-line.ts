import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { ApiToken } from '@cloudhop/contracts';
import { ClientStore, Language, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { scopeLabels } from './scope-labels';

/** Row of a token: scopes, creation, expiry, and revocation. */
@Component({
  selector: 'ch-token-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button],
  template: `
    <div class="head">
      <bdi>{{ token().label }}</bdi>
      @if (!isAsking()) {
        <button
          #opener
          chButton
          look="soft"
          type="button"
          [attr.aria-label]="t('tokens.revokeOf', { name: token().label })"
          (click)="ask()"
        >
          {{ t('tokens.revoke') }}
        </button>
      }
    </div>
    <ul>
      @for (row of scopes(); track row.scope) {
        <li>{{ t(row.words) }}</li>
      }
    </ul>
    <p>{{ facts() }}</p>
    @if (isAsking()) {
      <div class="question" role="group" [attr.aria-label]="t('tokens.revokeOf', { name: token().label })">
        <p>{{ t('tokens.revokeAsk', { name: token().label }) }}</p>
        <div class="buttons">
          <button chButton class="danger" type="button" [disabled]="isBusy()" (click)="revoke()">
            {{ t('tokens.revokeYes') }}
          </button>
          <button #no chButton look="soft" type="button" (click)="keep()">{{ t('tokens.revokeNo') }}</button>
        </div>
      </div>
    }
    <p class="problem" role="alert">{{ problem() }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
      padding: 10px 14px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
    }
    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      min-height: 42px;
    }
    bdi {
      min-width: 0;
      font-weight: 800;
      overflow-wrap: anywhere;
    }
    .head button {
      flex: none;
    }
    li,
    p {
      font-size: 0.9em;
    }
    p {
      color: var(--muted);
    }
    .question {
      display: grid;
      gap: 10px;
      margin-top: 6px;
      padding: 12px 14px;
      border-radius: 16px;
      background: var(--danger-soft);
    }
    .question p {
      color: var(--text);
      font-weight: 700;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .danger:not(:disabled) {
      background: var(--danger);
      color: var(--surface);
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
export class TokenLine {
  readonly token = input.required<ApiToken>();
  readonly revoked = output();
  protected readonly t = injectTranslate();
  protected readonly isAsking = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #injector = inject(Injector);
  private readonly opener = viewChild<unknown, ElementRef<HTMLButtonElement>>('opener', { read: ElementRef });
  private readonly no = viewChild<unknown, ElementRef<HTMLButtonElement>>('no', { read: ElementRef });

  protected readonly scopes = computed(() => scopeLabels.filter(({ scope }) => this.token().scopes.includes(scope)));
  protected readonly facts = computed(() => {
    const { createdAt, lastUsedAt, expiresAt } = this.token();
    const { date, fullTime } = this.#language.dates();
    const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
    return [
      this.t('tokens.made', { when: date(createdAt) }),
      lastUsedAt === undefined ? this.t('tokens.neverUsed') : this.t('tokens.used', { when: fullTime(lastUsedAt) }),
      expiresAt === undefined
        ? this.t('tokens.endless')
        : this.t(isOver ? 'tokens.ended' : 'tokens.ends', { when: date(expiresAt) }),
    ].join(' · ');
  });

  protected ask(): void {
    this.isAsking.set(true);
    afterNextRender(() => this.no()?.nativeElement.focus(), { injector: this.#injector });
  }

  protected keep(): void {
    this.isAsking.set(false);
    this.problem.set('');
    afterNextRender(() => this.opener()?.nativeElement.focus(), { injector: this.#injector });
  }

  protected async revoke(): Promise<void> {
    this.isBusy.set(true);
    this.problem.set('');
    try {
      await this.#store.act.call('tokens.revoke', { params: { id: this.token().id } });
      this.revoked.emit();
    } catch (error) {
      const { code } = errorBodyOf(error);
      // Already revoked elsewhere: the result is the same.
      if (code === 'not_found') this.revoked.emit();
      else this.problem.set(this.t(`errors.${code}`));
    } finally {
      this.isBusy.set(false);
    }
  }
}
