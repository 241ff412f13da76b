import { Injector, inject, runInInjectionContext } from '@angular/core';
import type { ReactorsOf } from '@cloudhop/web/ui';

/** Returns a function that names who reacted. Its code is loaded on first use. Requires an injection context. */
export function injectReactors(): ReactorsOf {
  const injector = inject(Injector);
  return async (message, emoji) => {
    const { nameReactors } = await import('./name-reactors');
    return runInInjectionContext(injector, () => nameReactors(message, emoji));
  };
}
