import { DOCUMENT, DestroyRef, ElementRef, effect, inject, type Signal } from '@angular/core';
import { isTextField, isTypingKey } from '@cloudhop/web/shortcuts';
import type { Composer } from '@cloudhop/web/ui';

/** True on devices with a hardware keyboard; on a phone, focusing a field opens the on-screen keyboard. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches;

interface Writing {
  conversationId: Signal<string>;
  composer: Signal<Composer | undefined>;
}

/**
 * Focuses the composer when a conversation opens and when a character is typed anywhere in it. The key event then
 * writes into the composer. Requires an injection context.
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
    // Waits a task: the list or dialog that led here still holds the focus.
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
