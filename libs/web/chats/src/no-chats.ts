import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button, Moment, injectTranslate } from '@cloudhop/web/ui';

/** Empty state of the conversation list. */
@Component({
  selector: 'ch-no-chats',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Moment, RouterLink],
  template: `
    <ch-moment pose="empty" [title]="t('chats.emptyTitle')" [text]="t('chats.emptyText')">
      <div>
        <a chButton routerLink="/friends">{{ t('chats.toFriends') }}</a>
        <a chButton look="soft" routerLink="/lobby">{{ t('chats.toLobby') }}</a>
      </div>
    </ch-moment>
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
