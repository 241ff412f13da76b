/** One emoji of each version, newest first, to find the newest version that the device can draw. */
const samples: readonly [emoji: string, version: number][] = [
  ['🫩', 16],
  ['🐦‍🔥', 15.1],
  ['🫨', 15],
  ['🫠', 14],
  ['😮‍💨', 13.1],
  ['🥸', 13],
];

/** Draws `text` in one colour and returns its pixels: those of a real emoji don't depend on the colour. */
function pixelsOf(context: CanvasRenderingContext2D, text: string, color: string): string {
  context.clearRect(0, 0, 60, 30);
  context.fillStyle = color;
  context.fillText(text, 0, 22);
  return context.getImageData(0, 0, 60, 30).data.join();
}

let version: number | undefined;

/** Returns the newest emoji version that this device draws as one picture. */
export function emojiVersionOf(): number {
  if (version !== undefined) return version;
  const context = Object.assign(document.createElement('canvas'), { width: 60, height: 30 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) return (version = 12);
  context.font = '20px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  const single = context.measureText('😀').width;
  const isDrawn = (emoji: string) => {
    const dark = pixelsOf(context, emoji, '#000');
    return (
      context.measureText(emoji).width < single * 1.6 && dark === pixelsOf(context, emoji, '#f0f') && /[1-9]/.test(dark)
    );
  };
  version = samples.find(([emoji]) => isDrawn(emoji))?.[1] ?? 12;
  return version;
}
