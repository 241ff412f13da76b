/** Somebody who can be picked, with what they are found by. */
export interface Searchable {
  id: string;
  name: string;
  username?: string;
}

/** Whose name or username holds all of the typed words; those that begin with them come first, each part by name. */
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
