import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { NotificationLevelOverlay } from '@cloudhop/web/navigation';
import { ClientStore } from '@cloudhop/web/state';
import { Icon, IconButton, injectTranslate } from '@cloudhop/web/ui';

/** Button that opens the notification level of a conversation; its label states the current one. */
@Component({
  selector: 'ch-notification-level-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, IconButton],
  template: `
    <button
      chIconButton
      type="button"
      aria-haspopup="dialog"
      [attr.aria-label]="label()"
      [attr.aria-expanded]="isOpen()"
      (click)="open($event)"
    >
      <ch-icon name="moon" />
    </button>
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
  `,
})
export class NotificationLevelButton {
  readonly conversationId = input.required<string>();
  readonly #t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #overlay = inject(NotificationLevelOverlay);
  protected readonly isOpen = computed(() => this.#overlay.request()?.conversationId === this.conversationId());
  protected readonly label = computed(() => {
    const level = this.#store.conversations().get(this.conversationId())?.notices ?? 'all';
    return this.#t('notices.now', { level: this.#t(`notices.levels.${level}`) });
  });

  protected open(event: Event): void {
    const anchor = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#overlay.show({ conversationId: this.conversationId(), anchor });
  }
}
