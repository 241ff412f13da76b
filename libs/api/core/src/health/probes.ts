const probePath = /^(?:\/api)?\/health\/(live|ready)$/;

/** Returns which probe a path is, with or without /api before it; undefined for other paths. */
export function probeOf(path: string | undefined): 'live' | 'ready' | undefined {
  return probePath.exec(path ?? '')?.[1] as 'live' | 'ready' | undefined;
}
