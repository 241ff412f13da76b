import { ChangeDetectionStrategy, Component } from '@angular/core';
import { KeysSheet } from '../keys/keys-sheet';
import { NoticeSheet } from '../news/notice-sheet';
import { PersonSheet } from '../person/person-sheet';
import { PinsSheet } from '../pins/pins-sheet';
import { SearchSheet } from '../search/search-sheet';
import { QuickSwitcher } from '../switcher/quick-switcher';

/** Everything that opens over whatever screen is shown. Nobody asks for it before the first screen stands. */
@Component({
  selector: 'ch-overlays',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [KeysSheet, NoticeSheet, PersonSheet, PinsSheet, QuickSwitcher, SearchSheet],
  template: `
    <ch-person-sheet />
    <ch-notice-sheet />
    <ch-quick-switcher />
    <ch-search-sheet />
    <ch-pins-sheet />
    <ch-keys-sheet />
  `,
})
export class Overlays {}
