import { applyLimits } from '@cloudhop/contracts';

/** Applies the limits that the server overrides in index.html. Without them the built-in limits apply. */
export function applyPageLimits(document: Document): void {
  const content = document.querySelector<HTMLMetaElement>('meta[name="cloudhop-limits"]')?.content;
  if (content === undefined) return;
  try {
    applyLimits(JSON.parse(content));
  } catch {
    // Not written by our server: the built-in limits apply, and the server refuses what exceeds its own.
  }
}
