import type { TimelineEntry } from '@cloudhop/sdk';
import { ChangeDetectionStrategy, Component, effect, inject, input, signal, untracked } from '@angular/core';
import { MentionLookup } from '@cloudhop/web/people';
import { nameWithTag } from '@cloudhop/web/state';
import { injectTranslate, plainOf, type Person } from '@cloudhop/web/ui';
import { arrivalsAfter } from './arrivals';

/** Maximum number of messages read out; more are announced as a count. */
const aloud = 3;

/** Live region that announces messages of others as they arrive. History and redraws are not announced. */
@Component({
  selector: 'ch-announcer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'visually-hidden', 'aria-live': 'polite', 'aria-atomic': 'true' },
  template: `{{ sentence() }}`,
})
export class Announcer {
  readonly entries = input.required<readonly TimelineEntry[]>();
  /** Newest seq of the conversation while later messages are not loaded; messages loaded up to it are not announced. */
  readonly headBeyond = input<number>();
  readonly personOf = input.required<(userId: string) => Person>();
  protected readonly t = injectTranslate();
  readonly #names = inject(MentionLookup);
  protected readonly sentence = signal('');
  #lastSeq: number | undefined;

  constructor() {
    effect(() => {
      const headBeyond = this.headBeyond();
      if (headBeyond !== undefined) {
        this.#lastSeq = Math.max(this.#lastSeq ?? 0, headBeyond);
        return;
      }
      const { arrived, lastSeq } = arrivalsAfter(this.entries(), this.#lastSeq);
      this.#lastSeq = lastSeq;
      if (arrived.length > 0) untracked(() => this.sentence.set(this.#sentenceOf(arrived)));
    });
  }

  #sentenceOf(arrived: readonly TimelineEntry[]): string {
    if (arrived.length > aloud) return this.t('timeline.arrivedMany', { count: arrived.length });
    return arrived
      .map(({ message }) =>
        this.t('timeline.arrived', {
          name: nameWithTag(this.personOf()(message.authorId)),
          text: plainOf(message.body, this.#names.mentionOf()),
        }),
      )
      .join(' ');
  }
}
