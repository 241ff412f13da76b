import { linkedSignal, resource, type ResourceRef, type Signal } from '@angular/core';
import type { Profile } from '@cloudhop/contracts';

interface ProfileQuestion {
  /** Whose profile, once it can be asked for. */
  key: () => string | undefined;
  /** Asked anew when this changes: how the two stand to each other decides what one sees. */
  relation: () => string;
  ask: (key: string) => Promise<Profile>;
}

/** A profile from the server; what was known stays while it is asked anew. Call it where `inject` may be called. */
export function injectProfile({ key, relation, ask }: ProfileQuestion): {
  profile: Signal<Profile | undefined>;
  asked: ResourceRef<Profile | undefined>;
} {
  const asked = resource({
    // One text rather than an object: an equal question is no new one.
    params: () => (key() === undefined ? undefined : `${key()} ${relation()}`),
    loader: () => ask(key()!),
  });
  const profile = linkedSignal<{ key: string | undefined; profile: Profile | undefined }, Profile | undefined>({
    source: () => ({ key: key(), profile: asked.hasValue() ? asked.value() : undefined }),
    computation: (now, before) => now.profile ?? (before?.source.key === now.key ? before?.value : undefined),
  });
  return { profile: profile.asReadonly(), asked };
}
