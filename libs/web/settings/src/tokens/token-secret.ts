import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { ClientStore, copyText } from '@cloudhop/web/state';
import { Button, Icon, injectTranslate } from '@cloudhop/web/ui';
import { tokenExample } from './token-example';
import type { MadeToken } from './token-form';

/** Secret of a new token, shown once, with an example. */
@Component({
  selector: 'ch-token-secret',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon],
  template: `
    <h3 tabindex="-1">
      <ch-icon name="key" /><span>{{ t('tokens.secretTitle', { name: made().token.label }) }}</span>
    </h3>
    <p>{{ t('tokens.secretText') }}</p>
    <h4 id="ch-token-secret">{{ t('tokens.secretLabel') }}</h4>
    <code aria-labelledby="ch-token-secret">{{ made().secret }}</code>
    <button chButton type="button" (click)="copy('secret')">
      <ch-icon [name]="copied() === 'secret' ? 'check' : 'copy'" />
      {{ t(copied() === 'secret' ? 'tokens.copied' : 'tokens.copy') }}
    </button>
    <h4 id="ch-token-example">{{ t('tokens.example') }}</h4>
    <pre tabindex="0" role="region" aria-labelledby="ch-token-example">{{ example() }}</pre>
    <div class="buttons">
      <button chButton look="soft" type="button" (click)="copy('example')">
        <ch-icon [name]="copied() === 'example' ? 'check' : 'copy'" />
        {{ t(copied() === 'example' ? 'tokens.copied' : 'tokens.copyExample') }}
      </button>
      <button chButton look="quiet" type="button" (click)="closed.emit()">{{ t('tokens.done') }}</button>
    </div>
    <p role="status">{{ hasFailed() ? t('message.notCopied') : '' }}</p>
  `,
  styles: `
    :host {
      --icon: 19px;
      display: grid;
      justify-items: start;
      gap: 8px;
      padding: 16px;
      border: 2px solid var(--brand);
      border-radius: var(--radius-card);
    }
    h3 {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      font-weight: 900;
      overflow-wrap: anywhere;
    }
    h3:focus-visible {
      outline: none;
    }
    h4 {
      margin: 6px 0 -4px;
      font-size: 0.9em;
      font-weight: 700;
    }
    p {
      font-size: 0.93em;
    }
    p:empty {
      display: none;
    }
    code,
    pre {
      width: 100%;
      padding: 10px 14px;
      border: 1px dashed var(--line-strong);
      border-radius: 14px;
      background: var(--surface2);
      font-family: ui-monospace, monospace;
      font-size: 0.87em;
      user-select: all;
    }
    code {
      overflow-wrap: anywhere;
    }
    pre {
      margin: 0;
      overflow: auto hidden;
      line-height: 1.6;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
})
export class TokenSecret {
  readonly made = input.required<MadeToken>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly copied = signal<'secret' | 'example' | undefined>(undefined);
  protected readonly hasFailed = signal(false);
  readonly #store = inject(ClientStore);

  protected readonly example = computed(() => {
    const { token, secret } = this.made();
    const conversations = [...this.#store.conversations().values()];
    const room = conversations.find(({ conversation }) => conversation.kind === 'room')?.conversation.slug;
    return tokenExample(token.scopes, { origin: location.origin, secret, room: room ?? 'my-room' });
  });

  protected async copy(what: 'secret' | 'example'): Promise<void> {
    const isDone = await copyText(what === 'secret' ? this.made().secret : this.example());
    this.copied.set(isDone ? what : undefined);
    this.hasFailed.set(!isDone);
  }
}
