/** What this device remembers. first-paint.js reads `theme` and `language` before the application runs. */
type PreferenceKey = 'theme' | 'language' | 'pane' | 'said' | 'accountDeclinedAt' | 'notices' | 'noticeSound';

const prefix = 'cloudhop.';

/** Whether the browser lets this page remember anything. */
export function keepsPreferences(): boolean {
  try {
    return typeof localStorage.length === 'number';
  } catch {
    return false;
  }
}

/** A remembered value, or undefined where there is none or the browser keeps nothing. */
export function readPreference(key: PreferenceKey): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a value; without one it is forgotten. A browser that keeps nothing goes on without. */
export function writePreference(key: PreferenceKey, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // Blocked storage costs the memory, nothing else.
  }
}

/** Calls `changed` when another tab remembered something else. Returns the way to stop. */
export function onPreferenceChange(changed: () => void): () => void {
  const follow = ({ key }: StorageEvent) => {
    // Without a key everything was forgotten.
    if (key === null || key.startsWith(prefix)) changed();
  };
  addEventListener('storage', follow);
  return () => removeEventListener('storage', follow);
}
