import { Injector, inject, runInInjectionContext } from '@angular/core';
import type { ReactorsOf } from '@cloudhop/web/ui';

/** Says who reacted; what finds it out is loaded by the first pointer that asks. Call it where `inject` may be called. */
export function injectReactors(): ReactorsOf {
  const injector = inject(Injector);
  return async (message, emoji) => {
    const { nameReactors } = await import('./name-reactors');
    return runInInjectionContext(injector, () => nameReactors(message, emoji));
  };
}
