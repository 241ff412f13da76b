import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';
import { Icon, IconButton, injectTranslate } from '@cloudhop/web/ui';
import { NotificationLevelOverlay } from '@cloudhop/web/navigation';

/** Opens the notices of a conversation; it says by itself how they stand. */
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
  readonly #sheets = inject(NotificationLevelOverlay);
  protected readonly isOpen = computed(() => this.#sheets.request()?.conversationId === this.conversationId());
  protected readonly label = computed(() => {
    const level = this.#store.conversations().get(this.conversationId())?.notices ?? 'all';
    return this.#t('notices.now', { level: this.#t(`notices.levels.${level}`) });
  });

  protected open(event: Event): void {
    const anchor = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#sheets.show({ conversationId: this.conversationId(), anchor });
  }
}
