import type { AvatarColor } from '@cloudhop/contracts';
import type { IconName } from '@cloudhop/web/ui';

/** Entry of the quick switcher. */
export interface SwitcherItem {
  key: string;
  name: string;
  /** Username or tag beside the name; matched as well. */
  detail?: string;
  icon?: IconName;
  avatar?: { seed: string; initial: string; color?: AvatarColor };
  /** User whose presence is shown at the avatar. */
  userId?: string;
  /** Target: a page, a person to write to, or a text to search for. */
  to: { link: readonly string[] } | { userId: string } | { search: string };
}

/** Input that may be an exact username. */
const usernameLike = /^@?([^\s@/]{3,})$/u;

/** Returns the items whose name or detail contains every typed word; prefix matches come first. */
export function matchSwitcherItems(all: readonly SwitcherItem[], typed: string): SwitcherItem[] {
  const words = typed.trim().replace(/^@/, '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...all];
  const found = all
    .map((destination) => ({
      destination,
      text: `${destination.name} ${destination.detail ?? ''}`.toLocaleLowerCase(),
    }))
    .filter(({ text }) => words.every((word) => text.includes(word)));
  const isFirst = ({ text }: { text: string }) => text.startsWith(words[0]!);
  return [...found.filter(isFirst), ...found.filter((entry) => !isFirst(entry))].map(({ destination }) => destination);
}

/** Returns the typed username, if the text can be one. */
export function parseUsername(typed: string): string | undefined {
  return usernameLike.exec(typed.trim())?.[1];
}
