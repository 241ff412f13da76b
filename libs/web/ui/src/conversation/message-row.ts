import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Avatar } from '../avatar';
import { Button } from '../buttons';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { LinkCard } from './link-card';
import { plainOf } from './markup-source';
import { MessageText, type MentionOf } from './message-text';
import { QuoteBlock } from './quote-block';
import { ReactionChips, type ReactorsOf } from './reaction-chips';
import { ReceiptTicks } from './receipt-ticks';
import type { ChipView, MessageRow } from './rows';

/** Row of one message: author, bubble with time, reactions, and the delivery state of one's own. */
@Component({
  selector: 'ch-message-row',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, Icon, LinkCard, MessageText, QuoteBlock, ReactionChips, ReceiptTicks],
  host: {
    role: 'article',
    '[attr.aria-label]': 'label()',
    '[attr.tabindex]': 'isReachable() ? 0 : -1',
    '[class.mine]': 'row().line.isMine',
    '[class.first]': 'row().isFirst',
    '[class.last]': 'row().isLast',
    '[class.mention]': 'row().isMention',
    '[class.glows]': 'isGlowing()',
  },
  templateUrl: './message-row.html',
  styleUrl: './message-row.css',
})
export class MessageRowView {
  readonly row = input.required<MessageRow>();
  /** True for the one message at which Tab stops. */
  readonly isReachable = input(false);
  readonly isMenuOpen = input(false);
  /** True while the target of a jump is highlighted. */
  readonly isGlowing = input(false);
  /** Time until the message is sent automatically, in words. */
  readonly waitWords = input('');
  /** Resolves the names in the text. */
  readonly names = input<MentionOf>();
  readonly reactorsOf = input<ReactorsOf>();
  /** Error text of a message that failed. */
  readonly problem = input('');
  /** Emits when the author is pressed. */
  readonly authorAsked = output<Event>();
  readonly menuAsked = output<Event>();
  readonly pickerAsked = output<Event>();
  /** Emits when the receipt is pressed. */
  readonly receiptAsked = output<Event>();
  readonly toggled = output<ChipView>();
  /** Emits when the users of a reaction are requested. */
  readonly namesAsked = output<Event>();
  /** Emits the seq of the quoted message when the quote is pressed. */
  readonly quoteAsked = output<number>();
  /** Emits the text of a code block to copy. */
  readonly copyAsked = output<string>();
  /** Emits when an unsent message shall be edited. */
  readonly editAsked = output();
  readonly retried = output();
  readonly discarded = output();
  protected readonly t = injectTranslate();

  /** A text without an @ mentions nobody, so changed names don't redraw it. */
  protected readonly mentionOf = computed(() => {
    return /[@＠]/u.test(this.row().line.message.body) ? this.names() : undefined;
  });

  protected readonly reactors = computed(() => {
    const { message } = this.row().line;
    const reactorsOf = this.reactorsOf();
    return reactorsOf && ((emoji: string) => reactorsOf(message, emoji));
  });

  protected readonly label = computed(() => {
    const { author, fullTime, line, isMention, quote } = this.row();
    const name = line.isMine ? this.t('message.you') : author.name;
    const text = plainOf(line.message.body, this.mentionOf()).slice(0, 400);
    const label = this.t('message.label', { name, time: fullTime, text });
    const answered = quote?.kind === 'shown' ? this.t('reply.label', { name: quote.author.name, label }) : label;
    const named = isMention ? this.t('unread.mention', { label: answered }) : answered;
    return line.message.pinnedAt === undefined ? named : this.t('pins.label', { label: named });
  });

  protected readonly statusWords = computed(() => {
    const { line, isLatestOwn } = this.row();
    if (line.status === 'waiting' && this.waitWords()) return this.waitWords();
    if (line.isHeld) return this.t('message.status.held');
    if (line.status) return this.t(`message.status.${line.status}`);
    return isLatestOwn ? this.t('message.status.sent') : '';
  });
}
