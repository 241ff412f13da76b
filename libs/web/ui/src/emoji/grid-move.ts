/**
 * Returns the index that an arrow key leads to in a grid of `count` cells and `columns` columns; undefined for other
 * keys. The CDK's FocusKeyManager knows lists only, no rows of a grid.
 */
export function moveInGrid(key: string, index: number, count: number, columns: number): number | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  const next = index + step;
  return next < 0 || next >= count ? index : next;
}
