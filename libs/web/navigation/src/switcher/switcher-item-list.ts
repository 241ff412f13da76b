import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  inject,
  input,
  linkedSignal,
  model,
  output,
  viewChild,
} from '@angular/core';
import { AvatarPresences } from '@cloudhop/web/people/presence';
import { Avatar, Icon, injectTranslate } from '@cloudhop/web/ui';
import type { SwitcherItem } from './match-switcher-items';

/** Field with a filtered list of switcher items below. */
@Component({
  selector: 'ch-switcher-item-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon],
  templateUrl: './switcher-item-list.html',
  styleUrl: './switcher-item-list.css',
})
export class SwitcherItemList {
  readonly typed = model.required<string>();
  /** Items that match the text. */
  readonly shown = input.required<readonly SwitcherItem[]>();
  /** Accessible names of the list and of the field. */
  readonly label = input.required<string>();
  readonly field = input.required<string>();
  /** Focuses the field first; on a phone the keyboard would cover the list. */
  readonly isFieldFirst = input(true);
  readonly picked = output<SwitcherItem>();
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  private readonly box = viewChild.required<ElementRef<HTMLInputElement>>('box');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  protected readonly active = linkedSignal({ source: this.typed, computation: () => 0 });
  protected readonly activeId = computed(() => (this.shown()[this.active()] ? this.idOf(this.active()) : null));

  constructor() {
    // The sheet opens in this frame and takes the focus first.
    afterNextRender(() => {
      if (this.isFieldFirst()) requestAnimationFrame(() => this.box().nativeElement.focus());
    });
    afterRenderEffect(() => {
      const id = this.activeId();
      if (id) this.list().nativeElement.querySelector(`#${id}`)?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected idOf(index: number): string {
    return `ch-switch-${index}`;
  }

  protected pressKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.shown().length - 1;
    const steps: Record<string, (at: number) => number> = {
      ArrowDown: (at) => (at >= last ? 0 : at + 1),
      ArrowUp: (at) => (at <= 0 ? last : at - 1),
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      this.active.update(step);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const destination = this.shown()[this.active()];
      if (destination) this.picked.emit(destination);
    }
  }
}
