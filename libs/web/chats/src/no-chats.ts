import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';

/** Empty state of the conversation list. */
@Component({
  selector: 'ch-no-chats',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, RouterLink],
  template: `
    <ch-empty-state pose="empty" [title]="t('chats.emptyTitle')" [text]="t('chats.emptyText')">
      <div>
        <a chButton routerLink="/friends">{{ t('chats.toFriends') }}</a>
        <a chButton look="soft" routerLink="/lobby">{{ t('chats.toLobby') }}</a>
      </div>
    </ch-empty-state>
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }
  `,
})
export class NoChats {
  protected readonly t = injectTranslate();
}
