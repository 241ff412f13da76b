/** Anything that is found by name or username. */
export interface Searchable {
  id: string;
  name: string;
  username?: string;
}

/**
 * Returns the items whose name or username contains every typed word. Prefix matches come first; each part is sorted by
 * name.
 */
export function filterByName<T extends Searchable>(
  picks: readonly T[],
  typed: string,
  compare: Intl.Collator['compare'],
): T[] {
  const words = typed.trim().replace(/^@/, '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const textOf = ({ name, username }: Searchable) => `${name} ${username ?? ''}`.toLocaleLowerCase();
  const startsWell = (pick: Searchable) =>
    words.length > 0 && [pick.name, pick.username ?? ''].some((text) => text.toLocaleLowerCase().startsWith(words[0]!));
  return picks
    .filter((pick) => words.every((word) => textOf(pick).includes(word)))
    .sort((a, b) => Number(startsWell(b)) - Number(startsWell(a)) || compare(a.name, b.name));
}
