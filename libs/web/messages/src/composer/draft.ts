import { computed, effect, inject, linkedSignal, untracked, type Signal, type WritableSignal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';

interface Writing {
  conversationId: Signal<string>;
  /** True while the composer holds an edit: edits are never stored as a draft. */
  isEditing: Signal<boolean>;
  hasFocus: () => boolean;
}

/**
 * The composer's text, synchronised with the conversation's draft on all devices. A draft from another device replaces
 * the text only while no local input would be lost. Requires an injection context.
 */
export function injectDraft({ conversationId, isEditing, hasFocus }: Writing): WritableSignal<string> {
  const store = inject(ClientStore);
  const stored = computed(() => store.conversations().get(conversationId())?.draft ?? '');
  const text = linkedSignal({ source: conversationId, computation: () => untracked(stored) });
  let told: string | undefined;

  effect(() => {
    const draft = stored();
    untracked(() => {
      if (draft === told || isEditing() || (hasFocus() && text() !== '')) return;
      told = draft;
      text.set(draft);
    });
  });
  effect(() => {
    const body = text();
    // Compares with the last written draft, not with the store: the store lags by one task, so a message sent right
    // after typing would be saved as a draft again.
    if (isEditing() || body === (told ?? untracked(stored))) return;
    told = body;
    untracked(() => store.act.setDraft(conversationId(), body));
  });
  return text;
}
