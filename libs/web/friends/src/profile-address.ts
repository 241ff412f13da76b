/** Where a profile is; a name of any script makes an address that can be copied anywhere. */
export function profileAddress(origin: string, username: string): string {
  return `${origin}/u/${encodeURIComponent(username)}`;
}
