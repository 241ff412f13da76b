import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { TimelineView } from '@cloudhop/sdk';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { DayJump } from './day-jump';
import { EditHistory } from './edit-history';
import { ForwardPanel } from './forward-panel';
import { ReactionNames } from '../reactions/reaction-names';
import type { MessagePanel } from './message-actions';
import { ReceiptLists } from '../receipts/receipt-lists';

/** Sheet of the panel that is open for a message or for the conversation. */
@Component({
  selector: 'ch-message-panels',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [DayJump, EditHistory, ForwardPanel, ReactionNames, ReceiptLists, Sheet],
  template: `
    @let open = panel();
    @if (open.what !== 'picker') {
      <ch-sheet
        [label]="t(titles[open.what])"
        [closeLabel]="t('people.cancel')"
        [hasHead]="open.what !== 'forward'"
        [anchor]="open.what === 'forward' ? undefined : open.anchor"
        (closed)="closed.emit()"
      >
        @switch (open.what) {
          @case ('receipt') {
            <ch-receipt-lists [view]="view()" [seq]="open.row!.line.message.seq" />
          }
          @case ('names') {
            <ch-reaction-names [line]="line() ?? open.row!.line" />
          }
          @case ('edits') {
            <ch-edit-history [message]="(line() ?? open.row!.line).message" />
          }
          @case ('forward') {
            <ch-forward-panel [message]="open.row!.line.message" (closed)="closed.emit()" />
          }
          @case ('day') {
            <ch-day-jump [conversationId]="view().conversation.id" (closed)="closed.emit()" />
          }
        }
      </ch-sheet>
    }
  `,
})
export class MessagePanels {
  readonly panel = input.required<MessagePanel>();
  readonly view = input.required<TimelineView>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly titles = {
    receipt: 'receipts.title',
    names: 'reactions.title',
    edits: 'edits.title',
    forward: 'forward.title',
    day: 'day.title',
  } as const;
  /** Current version of the message; undefined once it is gone. */
  protected readonly line = computed(() => {
    const key = this.panel().row?.key;
    return key === undefined ? undefined : this.view().entries.find((entry) => entry.key === key);
  });
}
