import { computed, inject, type Signal } from '@angular/core';
import type { SearchHit, User } from '@cloudhop/contracts';
import { ClientStore, Language, type NamedPerson } from '@cloudhop/web/state';
import { injectTranslate, type IconName } from '@cloudhop/web/ui';
import { MessagePlaces } from '../list/message-places';
import { shortWhen } from '../list/short-when';
import { People } from '../person/people';
import { markPieces, type MarkPiece } from './mark-pieces';

/** A message that was found, as its line shows it. */
export interface HitLine {
  id: string;
  conversationId: string;
  seq: number;
  author: NamedPerson;
  /** What the author is called here. */
  name: string;
  /** The tag or username that tells somebody else from others of that name. */
  beside?: string | undefined;
  place: { name: string; icon: IconName };
  at: string;
  when: string;
  fullTime: string;
  pieces: readonly MarkPiece[];
}

interface Hits {
  hits: Signal<readonly SearchHit[]>;
  users: Signal<ReadonlyMap<string, User>>;
}

/** Call it where `inject` may be called. */
export function injectHitLines({ hits, users }: Hits): Signal<readonly HitLine[]> {
  const store = inject(ClientStore);
  const people = inject(People);
  const places = inject(MessagePlaces);
  const language = inject(Language);
  const t = injectTranslate();

  return computed(() => {
    const [known, told] = [store.users(), users()];
    const me = store.me()?.id;
    const dates = language.dates();
    const userOf = (id: string) => {
      const [a, b] = [known.get(id), told.get(id)];
      return a && b ? (a.profileRev >= b.profileRev ? a : b) : (a ?? b);
    };
    return hits().map(({ message, excerpt }): HitLine => {
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
        place: places.titleOf(conversationId),
        at: createdAt,
        when: shortWhen(dates, createdAt),
        fullTime: dates.fullTime(createdAt),
        pieces: markPieces(excerpt.text, excerpt.marks),
      };
    });
  });
}
