import { applyLimits } from '@cloudhop/contracts';

/** Applies the limits that the server overrides: they come with index.html. Without them the built ones hold. */
export function applyPageLimits(document: Document): void {
  const content = document.querySelector<HTMLMetaElement>('meta[name="cloudhop-limits"]')?.content;
  if (content === undefined) return;
  try {
    applyLimits(JSON.parse(content));
  } catch {
    // Not what our server writes: the built limits hold, and the server says what it refuses.
  }
}
