const tokenLike = /^[\w-]{16,64}$/;

/** The secret in what stands behind the # of an address, where it can be one. */
export function inviteIn(fragment: string | null | undefined): string | undefined {
  return fragment && tokenLike.test(fragment) ? fragment : undefined;
}

/** Where a room is; a name of any script makes an address that can be copied anywhere. */
export function roomAddress(origin: string, slug: string): string {
  return `${origin}/r/${encodeURIComponent(slug)}`;
}

/** The link of an invitation: the page's address around the path that the server made. */
export function inviteAddress(origin: string, path: string): string {
  return new URL(path, origin).href;
}
