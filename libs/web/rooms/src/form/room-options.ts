import { computed, inject, type Signal } from '@angular/core';
import { countGraphemes, type GuestAccess, type Visibility } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import type { Option } from './option-cards';

/** How one line of text fails before anybody is asked; undefined where it may do. */
export function lineProblem(text: string, most: number): 'empty' | 'long' | undefined {
  const line = text.trim();
  if (line === '') return 'empty';
  return countGraphemes(line) > most ? 'long' : undefined;
}

/** Who may find a room and what guests may do there, with what it means. Call it where `inject` may be called. */
export function injectRoomOptions(): {
  visibilities: Signal<readonly Option<Visibility>[]>;
  guests: Signal<readonly Option<GuestAccess>[]>;
  /** Whether some of them need an account that this person has not. */
  isLimited: Signal<boolean>;
} {
  const store = inject(ClientStore);
  const t = injectTranslate();
  const isLimited = computed(() => store.me()?.kind === 'guest');
  return {
    isLimited,
    visibilities: computed(() =>
      (['public', 'unlisted', 'private'] as const).map((value) => {
        const isOff = isLimited() && value !== 'public';
        const hint = t(`rooms.visibility.${value}.hint`);
        return { value, label: t(`rooms.visibility.${value}.label`), hint, isOff };
      }),
    ),
    guests: computed(() =>
      (['write', 'read', 'none'] as const).map((value) => ({
        value,
        label: t(`rooms.guests.${value}.label`),
        hint: t(`rooms.guests.${value}.hint`),
      })),
    ),
  };
}
