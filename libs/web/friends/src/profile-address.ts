/** Returns the address of a profile; a name in any script becomes an address that can be copied anywhere. */
export function profileAddress(origin: string, username: string): string {
  return `${origin}/u/${encodeURIComponent(username)}`;
}
