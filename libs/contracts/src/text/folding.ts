/** Returns a text without compatibility forms, width and case, for comparison. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
