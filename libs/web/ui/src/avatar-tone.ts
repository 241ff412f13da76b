import type { AvatarColor } from '@cloudhop/contracts';

export const avatarTones = ['sky', 'lavender', 'mint', 'butter', 'brand-soft'] as const;
export type AvatarTone = (typeof avatarTones)[number];

/** The pastel behind a person's initial: the chosen colour, else one that comes from the id. */
export function avatarToneOf(id: string, color: AvatarColor | undefined): AvatarTone {
  if (color === undefined) return avatarTone(id);
  return color === 'rose' ? 'brand-soft' : color;
}

/** The pastel of a user: the same on every device, because it comes from the id alone (FNV-1a). */
export function avatarTone(id: string): AvatarTone {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return avatarTones[(hash >>> 0) % avatarTones.length]!;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first character of a name as people count them, capitalised. */
export function initialOf(name: string): string {
  const [first] = graphemes.segment(name.trim());
  return first ? first.segment.toLocaleUpperCase() : '·';
}
