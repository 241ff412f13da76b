import { computed, effect, inject, signal, untracked, type Signal } from '@angular/core';
import type { User } from '@cloudhop/contracts';
import type { TimelineView } from '@cloudhop/sdk';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language } from '@cloudhop/web/state';
import { emojiOfShortcode, suggestEmoji, type Composer, type SuggestQuery, type Suggestion } from '@cloudhop/web/ui';
import { suggestPeople } from './suggest-people';

export interface SuggestionSource {
  suggestions: Signal<readonly Suggestion[]>;
  /** Sets the token under the caret, or undefined when there is nothing to complete. */
  ask: (query: SuggestQuery | undefined) => void;
  /** Replaces a completed `:shortcode:` by its emoji. */
  replaceShortcode: (composer: Composer, typed: { code: string; from: number }) => void;
}

/** Suggests people and emoji for the token being typed. Requires an injection context. */
export function injectSuggestions(view: Signal<TimelineView>): SuggestionSource {
  const store = inject(ClientStore);
  const language = inject(Language);
  const people = inject(People);
  const query = signal<SuggestQuery | undefined>(undefined);
  const emoji = signal<readonly Suggestion[]>([]);
  /** People in the place apart from recent authors; requested when a mention is started. */
  const around = signal<{ id: string; users: readonly User[] } | undefined>(undefined);

  const known = computed((): User[] => {
    const { entries, members, conversation } = view();
    const users = store.users();
    const here = around();
    const ids = [
      ...new Set(entries.map(({ message }) => message.authorId).reverse()),
      ...members.keys(),
      ...(conversation.peerId === undefined ? [] : [conversation.peerId]),
    ];
    const me = store.me()?.id;
    const blocks = store.blocks();
    const spoken = ids.flatMap((id) => users.get(id) ?? []);
    const others = here?.id === conversation.id ? here.users : [];
    // People who are present are mentioned more often, so they come first.
    const isHere = new Set(others.map(({ id }) => id));
    spoken.sort((a, b) => Number(isHere.has(b.id)) - Number(isHere.has(a.id)));
    return [...spoken, ...others].filter(({ id }) => id !== me && !blocks.has(id));
  });

  effect(() => {
    if (query()?.kind === 'person') untracked(() => void askAround());
  });
  effect(() => {
    const asked = query();
    if (asked?.kind !== 'emoji') return emoji.set([]);
    void suggestEmoji(language.current(), asked.text).then(
      (found) => query() === asked && emoji.set(found),
      () => emoji.set([]),
    );
  });

  async function askAround(): Promise<void> {
    const { id, kind, slug } = view().conversation;
    if (around()?.id === id || (kind !== 'lobby' && kind !== 'room')) return;
    around.set({ id, users: [] });
    const ask =
      kind === 'lobby'
        ? store.act.ask('presence:list', { conversationId: id }).then(({ items }) => items)
        : store.act.call('rooms.members', { params: { slug: slug ?? id }, query: {} }).then(({ users }) => users);
    // On failure, recent authors are still suggested.
    await ask.then(
      (users) => around.set({ id, users }),
      () => undefined,
    );
  }

  return {
    suggestions: computed(() => {
      const asked = query();
      if (!asked) return [];
      return asked.kind === 'emoji' ? emoji() : suggestPeople(known(), asked.text, (user) => people.named(user));
    }),
    ask: (next) => query.set(next),
    replaceShortcode: (composer, { code, from }) =>
      void emojiOfShortcode(language.current(), code).then(
        (sign) => sign !== undefined && composer.replaceIf(from, `:${code}:`, sign),
        () => undefined,
      ),
  };
}
