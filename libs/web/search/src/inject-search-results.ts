import { computed, inject, type Signal } from '@angular/core';
import type { SearchHit, User } from '@cloudhop/contracts';
import { MessageLocations } from '@cloudhop/web/navigation/message-locations';
import { People } from '@cloudhop/web/people';
import { ClientStore, Language, shortTimestamp, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate, type IconName } from '@cloudhop/web/ui';
import { splitExcerpt, type ExcerptPart } from './split-excerpt';

/** Found message as the list shows it. */
export interface SearchResult {
  id: string;
  conversationId: string;
  seq: number;
  author: NamedPerson;
  /** Name of the author. */
  name: string;
  /** Tag or username that distinguishes the author from others of the same name. */
  beside?: string | undefined;
  place: { name: string; icon: IconName };
  at: string;
  when: string;
  fullTime: string;
  pieces: readonly ExcerptPart[];
}

interface Hits {
  hits: Signal<readonly SearchHit[]>;
  users: Signal<ReadonlyMap<string, User>>;
}

/** Maps hits to list items. Requires an injection context. */
export function injectSearchResults({ hits, users }: Hits): Signal<readonly SearchResult[]> {
  const store = inject(ClientStore);
  const people = inject(People);
  const locations = inject(MessageLocations);
  const language = inject(Language);
  const t = injectTranslate();

  return computed(() => {
    const [known, returned] = [store.users(), users()];
    const me = store.me()?.id;
    const dates = language.dates();
    const userOf = (id: string) => {
      const [a, b] = [known.get(id), returned.get(id)];
      return a && b ? (a.profileRev >= b.profileRev ? a : b) : (a ?? b);
    };
    return hits().map(({ message, excerpt }): SearchResult => {
      const { id, conversationId, seq, authorId, createdAt } = message;
      const user = userOf(authorId);
      const author = user ? people.named(user) : people.personOf()(authorId);
      return {
        id,
        conversationId,
        seq,
        author,
        name: authorId === me ? t('message.you') : author.name,
        beside: authorId === me ? undefined : author.tag === undefined ? author.handle : `#${author.tag}`,
        place: locations.titleOf(conversationId),
        at: createdAt,
        when: shortTimestamp(dates, createdAt),
        fullTime: dates.fullTime(createdAt),
        pieces: splitExcerpt(excerpt.text, excerpt.marks),
      };
    });
  });
}
