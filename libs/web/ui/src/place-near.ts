interface Size {
  width: number;
  height: number;
}

/**
 * Returns the position of a card of `size` beside `anchor`: above if it fits, else below; aligned with its nearer
 * side; inside the window with a margin of 8.
 */
export function placeNear(anchor: DOMRect, size: Size, window: Size): { left: number; top: number } {
  const margin = 8;
  const clamp = (value: number, max: number) => Math.max(margin, Math.min(value, max - margin));
  const isLeft = anchor.left + anchor.right < window.width;
  const above = anchor.top - size.height - margin;
  const below = anchor.bottom + margin;
  const top =
    above >= margin
      ? above
      : below + size.height + margin <= window.height
        ? below
        : window.height - size.height - margin;
  return {
    left: clamp(isLeft ? anchor.left : anchor.right - size.width, window.width - size.width),
    top: Math.max(margin, top),
  };
}
