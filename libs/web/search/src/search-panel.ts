import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  untracked,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { limits } from '@cloudhop/contracts';
import { ActiveConversation, type SearchRequest } from '@cloudhop/web/navigation';
import { MessageLocations } from '@cloudhop/web/navigation/message-locations';
import { ClientStore, Language } from '@cloudhop/web/state';
import { Avatar, Button, EmptyState, Icon, IconButton, injectTranslate } from '@cloudhop/web/ui';
import { Choices, type Choice } from '@cloudhop/web/ui/form';
import { injectSearchResults, type SearchResult } from './inject-search-results';
import { LastSearch } from './last-search';
import { SearchFilters } from './search-filters';
import { insertFilter, invalidFilterOf, normalizeQuery, type SearchFilter } from './search-text';

type Scope = 'here' | 'everywhere';

/** Message search: a field with results below, newest first. */
@Component({
  selector: 'ch-search-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, Choices, EmptyState, Icon, IconButton, SearchFilters],
  templateUrl: './search-panel.html',
  styleUrl: './search-panel.css',
})
export class SearchPanel {
  readonly request = input.required<SearchRequest>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly longest = limits.searchCharacters;
  readonly #last = inject(LastSearch);
  readonly #store = inject(ClientStore);
  readonly #locations = inject(MessageLocations);
  readonly #language = inject(Language);
  readonly #activeConversation = inject(ActiveConversation);
  readonly #router = inject(Router);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected readonly typed = this.#last.typed;
  protected readonly run = this.#last.run;
  protected readonly active = this.#last.active;
  protected readonly results = injectSearchResults(this.run);
  protected readonly activeId = computed(() => (this.results()[this.active()] ? this.idOf(this.active()) : null));

  /** Conversation that the scope can be limited to: the one that the search was opened from. */
  readonly #here = computed(() => {
    const id = this.request().conversationId ?? this.#activeConversation.id();
    return id ?? (this.#router.url.startsWith('/lobby') ? this.#store.lobbyId() : undefined);
  });
  readonly #scope = linkedSignal<SearchRequest, Scope>({
    source: this.request,
    computation: ({ conversationId }) => (conversationId === undefined ? 'everywhere' : 'here'),
  });
  protected readonly isHere = computed(() => this.#scope() === 'here' && this.#here() !== undefined);
  protected readonly scopes = computed((): readonly Choice<Scope>[] => {
    const id = this.#here();
    if (id === undefined) return [];
    return [
      { value: 'here', label: this.t('search.here', { name: this.#locations.titleOf(id).name }) },
      { value: 'everywhere', label: this.t('search.everywhere') },
    ];
  });
  protected readonly state = computed(() => {
    switch (this.run.phase()) {
      case 'idle':
        return 'start';
      case 'asking':
        return 'asking';
      case 'found':
        return 'none';
      case 'failed':
        return this.#failure();
    }
  });
  protected readonly noneText = computed(() => {
    const id = this.isHere() ? this.#here() : undefined;
    return id === undefined
      ? this.t('search.noneText')
      : this.t('search.noneHere', { name: this.#locations.titleOf(id).name });
  });
  protected readonly invalidText = computed(() => {
    this.run.phase();
    return this.t(`search.invalid.${invalidFilterOf(this.run.query.q)}`, { day: '2026-01-31' });
  });
  /** Status for screen readers. */
  protected readonly status = computed(() => {
    const phase = this.run.phase();
    const count = this.results().length;
    if (phase === 'asking') return this.t('search.loading');
    if (phase !== 'found') return '';
    if (count === 0) return this.t('search.noneTitle');
    const key = this.run.hasMore() ? 'more' : count === 1 ? 'one' : 'other';
    return this.t(`search.found.${key}`, { count: this.#language.numbers().format(count) });
  });

  constructor() {
    this.#last.open();
    effect(() => {
      const { text } = this.request();
      if (text === undefined) return;
      untracked(() => {
        this.typed.set(text);
        this.active.set(0);
      });
    });
    // A change of scope searches at once; input is debounced.
    effect(() => {
      this.#scope();
      this.request();
      untracked(() => this.run.search(this.#ask()));
    });
    // Repeats a search that failed for lack of a connection.
    effect(() => {
      if (this.#store.connection().phase !== 'live') return;
      untracked(() => {
        if (this.run.phase() === 'failed' && this.run.error()?.code === 'unavailable') this.run.retry();
      });
    });
    afterNextRender(() => {
      const field = this.field().nativeElement;
      field.focus();
      field.select();
    });
    afterRenderEffect(() => {
      const id = this.activeId();
      if (id) this.list().nativeElement.querySelector(`#${id}`)?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected idOf(index: number): string {
    return `ch-hit-${index}`;
  }

  /** Input being composed by an input method is not searched. */
  protected take(event: Event): void {
    this.typed.set(this.field().nativeElement.value);
    if ((event as InputEvent).isComposing) return;
    const before = this.run.query;
    this.run.schedule(this.#ask());
    if (this.run.query !== before) this.active.set(0);
  }

  protected clear(): void {
    this.#set('', 0);
  }

  protected insert(filter: SearchFilter): void {
    const field = this.field().nativeElement;
    const { text, caret } = insertFilter(this.typed(), field.selectionStart ?? this.typed().length, filter);
    this.#set(text, caret);
  }

  protected lookIn(scope: Scope): void {
    this.#scope.set(scope);
    this.active.set(0);
    this.field().nativeElement.focus();
  }

  protected pressKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.results().length - 1;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      if (this.active() >= last && this.run.hasMore()) void this.run.loadMore();
      else this.active.update((at) => (at >= last ? 0 : at + 1));
    } else if (event.key === 'ArrowUp') {
      event.preventDefault();
      this.active.update((at) => (at <= 0 ? Math.max(0, last) : at - 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const result = this.run.phase() === 'found' ? this.results()[this.active()] : undefined;
      if (result) this.go(result);
      else this.run.search(this.#ask());
    }
  }

  protected go(result: SearchResult): void {
    this.active.set(this.results().indexOf(result));
    this.closed.emit();
    void this.#locations.go(result.conversationId, result.seq);
  }

  #ask(): { q: string; conversationId?: string } {
    const id = this.#scope() === 'here' ? this.#here() : undefined;
    return { q: normalizeQuery(this.typed()), ...(id !== undefined && { conversationId: id }) };
  }

  /** Sets the field's text programmatically. */
  #set(text: string, caret: number): void {
    const field = this.field().nativeElement;
    field.value = text;
    field.setSelectionRange(caret, caret);
    field.focus();
    this.typed.set(text);
    this.active.set(0);
    this.run.schedule(this.#ask());
  }

  #failure(): 'invalid' | 'offline' | 'failed' {
    const code = this.run.error()?.code;
    if (code === 'invalid' || code === 'invalid_text' || code === 'too_long') return 'invalid';
    return code === 'unavailable' && this.#store.connection().phase !== 'live' ? 'offline' : 'failed';
  }
}
