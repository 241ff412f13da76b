const probePath = /^(?:\/api)?\/health\/(live|ready)$/;

/** Returns the probe of a path, with or without /api; undefined for other paths. */
export function probeOf(path: string | undefined): 'live' | 'ready' | undefined {
  return probePath.exec(path ?? '')?.[1] as 'live' | 'ready' | undefined;
}
