import type { AvatarColor } from '@cloudhop/contracts';
import type { IconName } from '@cloudhop/web/ui';

/** Somewhere one can go. */
export interface SwitcherItem {
  key: string;
  name: string;
  /** Beside the name: a username or tag, by which it is found as well. */
  detail?: string;
  icon?: IconName;
  avatar?: { seed: string; initial: string; color?: AvatarColor };
  /** Whose presence shows at the avatar. */
  userId?: string;
  /** An address of the page, a person to talk with, or words to look for in what was said. */
  to: { link: readonly string[] } | { userId: string } | { search: string };
}

/** What a person may type to go to somebody by their exact name. */
const usernameLike = /^@?([^\s@/]{3,})$/u;

/** Destinations whose name or detail holds all of the typed words; those that begin with them come first. */
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

/** The exact username in what was typed, if it can be one. */
export function parseUsername(typed: string): string | undefined {
  return usernameLike.exec(typed.trim())?.[1];
}
