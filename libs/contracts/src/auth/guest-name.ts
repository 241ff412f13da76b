/** The name a guest has before choosing one; pages show their own language's word instead. */
export function defaultGuestName(tag: string): string {
  return `Guest ${tag}`;
}
