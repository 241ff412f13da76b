import { ChangeDetectionStrategy, Component } from '@angular/core';
import { ShortcutsSheet } from '@cloudhop/web/shortcuts/sheet';
import { NotificationLevelSheet } from '@cloudhop/web/notifications/sheet';
import { PersonSheet } from '@cloudhop/web/people/sheet';
import { PinsSheet } from '@cloudhop/web/messages/pins';
import { SearchSheet } from '@cloudhop/web/search';
import { QuickSwitcher } from '@cloudhop/web/navigation/switcher';

/** Everything that opens over whatever screen is shown. Nobody asks for it before the first screen stands. */
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
