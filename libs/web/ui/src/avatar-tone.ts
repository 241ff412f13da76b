import type { AvatarColor } from '@cloudhop/contracts';

const avatarTones = ['sky', 'lavender', 'mint', 'butter', 'brand-soft'] as const;
export type AvatarTone = (typeof avatarTones)[number];

/** Returns the pastel behind a user's initial: the chosen colour, else one derived from the id. */
export function avatarToneOf(id: string, color: AvatarColor | undefined): AvatarTone {
  if (color === undefined) return avatarTone(id);
  return color === 'rose' ? 'brand-soft' : color;
}

/** Returns the pastel of an id (FNV-1a), the same on every device. */
export function avatarTone(id: string): AvatarTone {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return avatarTones[(hash >>> 0) % avatarTones.length]!;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns the first grapheme of a name, capitalised. */
export function initialOf(name: string): string {
  const [first] = graphemes.segment(name.trim());
  return first ? first.segment.toLocaleUpperCase() : '·';
}
