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
import { Icon, type IconName } from '../icon';
import { MainOverlays } from '../main-overlays';
import { injectBackCloses } from '../overlay-history';
import { injectTranslate } from '../translate';
import type { MenuPoint } from '../menu';
import type { MessageCommand } from './message-menu';

const quickReactions = ['❤️', '😂', '👍', '🎉', '😮', '😢'] as const;

const icons: Record<MessageCommand, IconName> = {
  reply: 'reply',
  pick: 'addReaction',
  edit: 'edit',
  copy: 'copy',
  forward: 'forward',
  pin: 'pin',
  unpin: 'unpin',
  link: 'link',
  reactions: 'smile',
  edits: 'clock',
  person: 'person',
  delete: 'trash',
};

/** Panel of a message's menu, on the CDK's menu. */
@Component({
  selector: 'ch-message-menu-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CdkContextMenuTrigger, CdkMenu, CdkMenuItem, Icon],
  providers: [{ provide: OverlayContainer, useClass: MainOverlays }],
  templateUrl: './message-menu-panel.html',
  styleUrls: ['../menu.css', './message-menu-panel.css'],
})
export class MessageMenuPanel {
  readonly at = input.required<MenuPoint>();
  readonly commands = input.required<readonly MessageCommand[]>();
  /** Emoji with which the user has reacted. */
  readonly active = input<readonly string[]>([]);
  readonly canReact = input(true);
  readonly chosen = output<MessageCommand>();
  readonly reacted = output<string>();
  readonly closed = output();
  protected readonly quick = quickReactions;
  protected readonly icons = icons;
  protected readonly t = injectTranslate();
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
      // Untracked: the menu keeps its active item in signals, and moving it must not bring the focus back to the
      // first.
      untracked(() => menu?.focusFirstItem('keyboard'));
    });
  }

  protected shut(): void {
    this.trigger().close();
  }
}
