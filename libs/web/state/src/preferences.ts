/** Keys of the device's preferences. first-paint.js reads `theme` and `language` before the application runs. */
type PreferenceKey = 'theme' | 'language' | 'pane' | 'said' | 'accountDeclinedAt' | 'notices' | 'noticeSound';

const prefix = 'cloudhop.';

/** Returns whether the browser allows storage. */
export function keepsPreferences(): boolean {
  try {
    return typeof localStorage.length === 'number';
  } catch {
    return false;
  }
}

/** Returns a stored preference; undefined without one or without storage. */
export function readPreference(key: PreferenceKey): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a preference; undefined deletes it. Ignores a browser without storage. */
export function writePreference(key: PreferenceKey, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // Without storage a preference lasts as long as the page.
  }
}

/** Calls `changed` when another tab changed a preference. Returns the function that stops it. */
export function onPreferenceChange(changed: () => void): () => void {
  const follow = ({ key }: StorageEvent) => {
    // A null key means that the whole storage was cleared.
    if (key === null || key.startsWith(prefix)) changed();
  };
  addEventListener('storage', follow);
  return () => removeEventListener('storage', follow);
}
