import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterNextRender,
  computed,
  effect,
  input,
  output,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { Button } from '../buttons';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import { EmojiSource, emojiGroups, type PickableEmoji } from './emoji-source';
import { moveInGrid } from './grid-move';

const tones = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'] as const;

/**
 * Emoji picker: search, groups and skin tones over the library's emoji data. Drawn by us, so that it follows tokens,
 * languages and the content policy.
 */
@Component({
  selector: 'ch-emoji-picker',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon],
  templateUrl: './emoji-picker.html',
  styleUrl: './emoji-picker.css',
})
export class EmojiPicker {
  readonly language = input.required<string>();
  readonly picked = output<string>();
  protected readonly t = injectTranslate();
  protected readonly groups = emojiGroups;
  protected readonly tones = tones;
  protected readonly query = signal('');
  /** -1 is the group of the most used. */
  protected readonly group = signal<number>(0);
  protected readonly isToneOpen = signal(false);
  protected readonly tone = signal(0);
  protected readonly active = signal(0);
  private readonly searchField = viewChild.required<ElementRef<HTMLInputElement>>('searchField');
  readonly #source = computed(() => new EmojiSource(this.language()));

  protected readonly found = resource({
    params: () => ({ source: this.#source(), query: this.query().trim(), group: this.group(), tone: this.tone() }),
    loader: async ({ params: { source, query, group, tone } }): Promise<PickableEmoji[]> => {
      if (query !== '') return source.search(query, tone);
      return group < 0 ? source.favourites(tone) : source.group(group, tone);
    },
  });
  protected readonly shown = computed(() => (this.found.hasValue() ? this.found.value() : []));
  protected readonly title = computed(() => {
    if (this.query().trim() !== '') return this.t('emoji.results');
    return this.t(`emoji.groups.${this.groups.find(({ id }) => id === this.group())?.key ?? 'favourites'}`);
  });

  constructor() {
    // With touch, the keyboard would cover the emoji.
    afterNextRender(() => {
      if (matchMedia('(hover: hover)').matches) requestAnimationFrame(() => this.searchField().nativeElement.focus());
    });
    effect(() => void this.#restore(this.#source()));
  }

  protected choose(emoji: PickableEmoji): void {
    this.picked.emit(emoji.emoji);
    void this.#source()
      .countUse(emoji.base)
      .catch(() => undefined);
  }

  protected chooseTone(tone: number): void {
    this.tone.set(tone);
    this.isToneOpen.set(false);
    void this.#source()
      .writeTone(tone)
      .catch(() => undefined);
  }

  protected chooseGroup(id: number): void {
    this.query.set('');
    this.group.set(id);
    this.active.set(0);
  }

  protected search(event: Event): void {
    this.query.set((event.target as HTMLInputElement).value);
    this.active.set(0);
  }

  /** Picks the first result on Enter in the search. */
  protected takeFirst(event: Event): void {
    event.preventDefault();
    const [first] = this.shown();
    if (first && !(event as KeyboardEvent).isComposing) this.choose(first);
  }

  protected pressKey(event: KeyboardEvent): void {
    const grid = event.currentTarget as HTMLElement;
    const cells = [...grid.querySelectorAll<HTMLElement>('button')];
    const top = cells[0]?.offsetTop;
    const columns = cells.findIndex(({ offsetTop }) => offsetTop !== top);
    const next = moveInGrid(event.key, this.active(), cells.length, columns < 1 ? cells.length : columns);
    if (next === undefined) return;
    event.preventDefault();
    this.active.set(next);
    cells[next]?.focus();
  }

  async #restore(source: EmojiSource): Promise<void> {
    // Without storage (a strict private mode) the picker still offers every emoji.
    const tone = await source.readTone().catch(() => 0);
    if (tone > 0) this.tone.set(tone);
  }
}
