/** Returns the name of a guest who has not chosen one. Pages show it in their own language instead. */
export function defaultGuestName(tag: string): string {
  return `Guest ${tag}`;
}
