import { linkedSignal, resource, type ResourceRef, type Signal } from '@angular/core';
import type { Profile } from '@cloudhop/contracts';

interface ProfileQuestion {
  /** User to look up; undefined until the request can be made. */
  key: () => string | undefined;
  /** The profile is requested again when this changes: friendship and blocks decide which fields are visible. */
  relation: () => string;
  ask: (key: string) => Promise<Profile>;
}

/** Requests a profile and keeps the previous one while reloading. Requires an injection context. */
export function injectProfile({ key, relation, ask }: ProfileQuestion): {
  profile: Signal<Profile | undefined>;
  asked: ResourceRef<Profile | undefined>;
} {
  const asked = resource({
    // A string, so that equal parameters don't reload the resource.
    params: () => (key() === undefined ? undefined : `${key()} ${relation()}`),
    loader: () => ask(key()!),
  });
  const profile = linkedSignal<{ key: string | undefined; profile: Profile | undefined }, Profile | undefined>({
    source: () => ({ key: key(), profile: asked.hasValue() ? asked.value() : undefined }),
    computation: (now, before) => now.profile ?? (before?.source.key === now.key ? before?.value : undefined),
  });
  return { profile: profile.asReadonly(), asked };
}
