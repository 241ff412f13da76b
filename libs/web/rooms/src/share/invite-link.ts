const tokenLike = /^[\w-]{16,64}$/;

/** Returns the secret in the fragment of an address; undefined if it can't be one. */
export function inviteIn(fragment: string | null | undefined): string | undefined {
  return fragment && tokenLike.test(fragment) ? fragment : undefined;
}

/** Returns the address of a room; a name in any script becomes an address that can be copied anywhere. */
export function roomAddress(origin: string, slug: string): string {
  return `${origin}/r/${encodeURIComponent(slug)}`;
}

/** Returns the link of an invitation: the page's origin with the path from the server. */
export function inviteAddress(origin: string, path: string): string {
  return new URL(path, origin).href;
}
