import { ChangeDetectionStrategy, Component } from '@angular/core';
import { PinsSheet } from '@cloudhop/web/messages/pins';
import { QuickSwitcher } from '@cloudhop/web/navigation/switcher';
import { NotificationLevelSheet } from '@cloudhop/web/notifications/sheet';
import { PersonSheet } from '@cloudhop/web/people/sheet';
import { SearchSheet } from '@cloudhop/web/search';
import { ShortcutsSheet } from '@cloudhop/web/shortcuts/sheet';

/** All overlays that any screen can open. Loaded when the browser is idle. */
@Component({
  selector: 'ch-overlays',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [NotificationLevelSheet, PersonSheet, PinsSheet, QuickSwitcher, SearchSheet, ShortcutsSheet],
  template: `
    <ch-person-sheet />
    <ch-notification-level-sheet />
    <ch-quick-switcher />
    <ch-search-sheet />
    <ch-pins-sheet />
    <ch-shortcuts-sheet />
  `,
})
export class Overlays {}
