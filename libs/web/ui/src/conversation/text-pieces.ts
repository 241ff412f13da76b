import { signal } from '@angular/core';
import type { TextPiece } from './text-piece';

type Splitter = (text: string) => TextPiece[];

const splitter = signal<Splitter | undefined>(undefined);
let isLoading = false;

/** Cheap and never wrong on the safe side: a text without these holds no link. */
const mayHoldLink = /:\/\/|mailto:|www\./i;

/** Reactive: a message in pieces. The link finder is loaded with the first message that may hold a link; until then it is plain text. */
export function textPieces(text: string): readonly TextPiece[] {
  if (!mayHoldLink.test(text)) return [{ text }];
  const split = splitter();
  if (split) return split(text);
  if (!isLoading) {
    isLoading = true;
    void import('./split-links').then(
      (found) => splitter.set(found.splitLinks),
      () => (isLoading = false),
    );
  }
  return [{ text }];
}
