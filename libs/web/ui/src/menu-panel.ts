import { CdkContextMenuTrigger, CdkMenu, CdkMenuItem } from '@angular/cdk/menu';
import { OverlayContainer } from '@angular/cdk/overlay';
import {
  ChangeDetectionStrategy,
  Component,
  afterRenderEffect,
  input,
  output,
  untracked,
  viewChild,
} from '@angular/core';
import { Icon } from './icon';
import { MainOverlays } from './main-overlays';
import type { MenuItem, MenuPoint } from './menu';
import { injectBackCloses } from './overlay-history';

/** Panel of a menu, on the CDK's menu. */
@Component({
  selector: 'ch-menu-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CdkContextMenuTrigger, CdkMenu, CdkMenuItem, Icon],
  providers: [{ provide: OverlayContainer, useClass: MainOverlays }],
  template: `
    <span [cdkContextMenuTriggerFor]="panel" (cdkContextMenuClosed)="closed.emit()"></span>
    <ng-template #panel>
      <div class="panel" cdkMenu [attr.aria-label]="label()">
        <div class="shade" role="presentation" (click)="shut()"></div>
        @for (item of items(); track item.value) {
          <button
            type="button"
            cdkMenuItem
            class="item"
            [class.danger]="item.isDanger"
            (cdkMenuItemTriggered)="chosen.emit(item.value)"
          >
            <ch-icon [name]="item.icon" />
            {{ item.label }}
          </button>
        }
      </div>
    </ng-template>
  `,
  styleUrl: './menu.css',
})
export class MenuPanel<T extends string> {
  readonly at = input.required<MenuPoint>();
  readonly label = input.required<string>();
  readonly items = input.required<readonly MenuItem<T>[]>();
  readonly chosen = output<T>();
  readonly closed = output();
  private readonly trigger = viewChild.required(CdkContextMenuTrigger);
  private readonly menu = viewChild(CdkMenu);

  constructor() {
    injectBackCloses(() => this.shut());
    afterRenderEffect(() => {
      const at = this.at();
      const trigger = this.trigger();
      untracked(() => {
        if (!trigger.isOpen()) trigger.open(at);
      });
    });
    afterRenderEffect(() => {
      const menu = this.menu();
      // Untracked: the menu keeps its active item in signals, and moving it must not bring the focus back to the first.
      untracked(() => menu?.focusFirstItem('keyboard'));
    });
  }

  protected shut(): void {
    this.trigger().close();
  }
}
