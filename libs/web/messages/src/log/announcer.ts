import { nameWithTag } from '@cloudhop/web/state';
import { ChangeDetectionStrategy, Component, effect, inject, input, signal, untracked } from '@angular/core';
import type { TimelineEntry } from '@cloudhop/sdk';
import { injectTranslate, plainOf, type Person } from '@cloudhop/web/ui';
import { arrivalsAfter } from './arrivals';
import { MentionLookup } from '@cloudhop/web/people';

/** Beyond this a screen reader would only be talking. */
const aloud = 3;

/** Reads out what others say as it arrives; never history, nor what the log draws again. */
@Component({
  selector: 'ch-announcer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'visually-hidden', 'aria-live': 'polite', 'aria-atomic': 'true' },
  template: `{{ sentence() }}`,
})
export class Announcer {
  readonly entries = input.required<readonly TimelineEntry[]>();
  /** The newest seq there is, while the lines end before it: what is loaded after them was said long ago. */
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
      if (arrived.length > 0) untracked(() => this.sentence.set(this.#say(arrived)));
    });
  }

  #say(arrived: readonly TimelineEntry[]): string {
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
