function parseOrigin(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}

/**
 * True when a browser says that another site made the request. The site is that of PUBLIC_URL or, without one, the
 * request's own Host. A request without Origin comes from a program and may pass.
 */
export function isForeignOrigin(
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string | undefined,
): boolean {
  if (origin === undefined) return false;
  const asked = parseOrigin(origin);
  if (!asked || asked.origin === 'null') return true;
  if (publicUrl !== undefined) return asked.origin !== new URL(publicUrl).origin;
  // A Host header leaves the scheme's own port away, and the scheme itself is not in it.
  return host === undefined || asked.host !== parseOrigin(`${asked.protocol}//${host}`)?.host;
}
