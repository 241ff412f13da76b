/** A text without compatibility forms, width and case: what people mean when they say that two texts are the same. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
