/** Isolates keep a name of the other direction from turning the sentence around it. */
export function bidiIsolate(name: string): string {
  return name === '' ? '' : `\u2068${name}\u2069`;
}
