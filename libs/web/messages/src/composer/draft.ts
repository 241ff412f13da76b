import { computed, effect, inject, linkedSignal, untracked, type Signal, type WritableSignal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';

interface Writing {
  conversationId: Signal<string>;
  /** A message that is being changed is not something one is about to say. */
  isEditing: Signal<boolean>;
  hasFocus: () => boolean;
}

/**
 * The text where one writes, kept as the conversation's draft for all of one's devices. What another device wrote is
 * taken only while nobody's words here would be lost by it. Call it where `inject` may be called.
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
    // Not what the store shows, which lags by a task: who types and sends at once would keep what they sent as a draft.
    if (isEditing() || body === (told ?? untracked(stored))) return;
    told = body;
    untracked(() => store.act.setDraft(conversationId(), body));
  });
  return text;
}
