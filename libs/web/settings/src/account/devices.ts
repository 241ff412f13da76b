import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { SessionInfo } from '@cloudhop/contracts';
import { ClientStore, Language, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { AccountStatus } from './account-status';

/** Signed-in devices, each with a button to sign it out. */
@Component({
  selector: 'ch-devices',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button],
  template: `
    <h3 id="ch-devices">{{ t('settings.account.devices') }}</h3>
    @if (sessions.hasValue()) {
      <ul aria-labelledby="ch-devices">
        @for (session of sessions.value(); track session.id) {
          <li>
            <div>
              <bdi>{{ nameOf(session) }}</bdi>
              <p>
                @if (session.isCurrent) {
                  {{ t('settings.account.thisDevice') }}
                } @else {
                  {{ t('settings.account.lastUsed', { when: language.dates().fullTime(session.lastUsedAt) }) }}
                }
              </p>
            </div>
            @if (!session.isCurrent) {
              <button
                chButton
                look="soft"
                type="button"
                [attr.aria-label]="t('settings.account.endSessionOf', { name: nameOf(session) })"
                [disabled]="ending() === session.id"
                (click)="end(session)"
              >
                {{ t('settings.account.endSession') }}
              </button>
            }
          </li>
        }
      </ul>
      <button chButton look="quiet" type="button" (click)="endAll()">{{ t('settings.account.endSessions') }}</button>
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: 8px;
    }
    h3 {
      font-size: 0.95em;
      font-weight: 800;
    }
    ul {
      display: grid;
      gap: 8px;
      width: 100%;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 12px;
      padding: 8px 14px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
    }
    div {
      flex: 1;
      min-width: 0;
    }
    bdi {
      font-weight: 700;
      overflow-wrap: anywhere;
    }
    p {
      color: var(--muted);
      font-size: 0.87em;
    }
  `,
})
export class Devices {
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  protected readonly language = inject(Language);
  protected readonly t = injectTranslate();
  readonly #status = inject(AccountStatus);
  protected readonly ending = signal<string | undefined>(undefined);
  protected readonly sessions = resource({
    loader: async () => (await this.#store.act.call('auth.sessions', {})).items,
  });

  protected nameOf({ label }: SessionInfo): string {
    return label === '' ? this.t('settings.account.unnamed') : label;
  }

  protected async end(session: SessionInfo): Promise<void> {
    this.ending.set(session.id);
    await this.#try(async () => {
      await this.#store.act.call('auth.endSession', { params: { id: session.id } });
      this.#status.text.set(this.t('settings.account.sessionEnded', { name: this.nameOf(session) }));
    });
    this.ending.set(undefined);
    this.sessions.reload();
  }

  protected endAll(): Promise<void> {
    return this.#try(async () => {
      await this.#store.act.endSessions();
      await this.#router.navigateByUrl('/lobby');
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code } = errorBodyOf(error);
      // Already signed out elsewhere: the result is the same.
      if (code !== 'not_found') this.#status.text.set(this.t(`errors.${code}`));
    }
  }
}
