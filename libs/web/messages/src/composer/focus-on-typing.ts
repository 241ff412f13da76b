import { DOCUMENT, DestroyRef, ElementRef, effect, inject, type Signal } from '@angular/core';
import type { Composer } from '@cloudhop/web/ui';
import { isTextField, isTypingKey } from '@cloudhop/web/shortcuts';

/** A focused field opens the keyboard of a phone. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches;

interface Writing {
  conversationId: Signal<string>;
  composer: Signal<Composer | undefined>;
}

/**
 * Gives the composer the focus when a conversation opens, and sends there what is typed anywhere in the conversation: a
 * key writes where the focus is by then. Call it where `inject` may be called.
 */
export function injectFocusOnTyping({ conversationId, composer }: Writing): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const document = inject(DOCUMENT);
  const ended = new AbortController();
  inject(DestroyRef).onDestroy(() => ended.abort());
  let entered: string | undefined;
  effect(() => {
    const id = conversationId();
    if (id === entered) return;
    entered = id;
    // What brought the person here, a list or a dialog, has let go of the focus by then.
    if (hasKeyboard()) setTimeout(() => composer()?.focusEnd());
  });
  const pressKey = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isHere = target === document.body || host.contains(target);
    if (!isHere || isTextField(target) || !isTypingKey(event)) return;
    if (!document.querySelector('dialog[open], .cdk-overlay-pane [role=menu]')) composer()?.focusEnd();
  };
  document.addEventListener('keydown', pressKey, { signal: ended.signal });
}
