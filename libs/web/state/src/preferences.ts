/** What this device remembers. first-paint.js reads `theme` and `language` before the application runs. */
type PreferenceKey = 'theme' | 'language' | 'pane' | 'said' | 'accountDeclinedAt';

const prefix = 'cloudhop.';

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
