/** Wraps a name in Unicode isolates, so that its writing direction does not affect the sentence around it. */
export function bidiIsolate(name: string): string {
  return name === '' ? '' : `\u2068${name}\u2069`;
}
