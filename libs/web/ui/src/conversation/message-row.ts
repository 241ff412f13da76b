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

/** One message: who, bubble with time, reactions, and where one's own stands. */
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
  /** The one message that the tab key stops at. */
  readonly isReachable = input(false);
  readonly isMenuOpen = input(false);
  /** It was jumped to a moment ago. */
  readonly isGlowing = input(false);
  /** When it leaves by itself, in words. */
  readonly waitWords = input('');
  /** Whom a name in the text means. */
  readonly names = input<MentionOf>();
  readonly reactorsOf = input<ReactorsOf>();
  /** The words for a failed line's error. */
  readonly problem = input('');
  /** Who wrote this? */
  readonly authorAsked = output<Event>();
  readonly menuAsked = output<Event>();
  readonly pickerAsked = output<Event>();
  /** Who has read this? */
  readonly receiptAsked = output<Event>();
  readonly toggled = output<ChipView>();
  /** Who reacted? */
  readonly namesAsked = output<Event>();
  /** The message that it answers is wanted, by its seq. */
  readonly quoteAsked = output<number>();
  /** The text of a block of code is wanted elsewhere. */
  readonly copyAsked = output<string>();
  /** What was not sent is to be said otherwise. */
  readonly editAsked = output();
  readonly retried = output();
  readonly discarded = output();
  protected readonly t = injectTranslate();

  /** Without a sign in it a text names nobody: then new names change nothing in it. */
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
