import { computed, inject, type Signal } from '@angular/core';
import { countGraphemes, type GuestAccess, type Visibility } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import type { Option } from './option-cards';

/** Returns why a line of text is invalid; undefined if the server may accept it. */
export function lineProblem(text: string, maxLength: number): 'empty' | 'long' | undefined {
  const line = text.trim();
  if (line === '') return 'empty';
  return countGraphemes(line) > maxLength ? 'long' : undefined;
}

/** Returns the options for visibility and guests, with their explanations. Call it in an injection context. */
export function injectRoomOptions(): {
  visibilities: Signal<readonly Option<Visibility>[]>;
  guests: Signal<readonly Option<GuestAccess>[]>;
  /** True if some options need an account that this user doesn't have. */
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
