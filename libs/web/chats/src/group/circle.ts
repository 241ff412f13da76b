import { countGraphemes, limits, type Member } from '@cloudhop/contracts';

/** Somebody who can be picked, with what they are found by. */
export interface Pick {
  id: string;
  name: string;
  username?: string;
}

/** Whose name or username holds all of the typed words; those that begin with them come first, each part by name. */
export function findPicks<T extends Pick>(picks: readonly T[], typed: string, compare: Intl.Collator['compare']): T[] {
  const words = typed.trim().replace(/^@/, '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const textOf = ({ name, username }: Pick) => `${name} ${username ?? ''}`.toLocaleLowerCase();
  const startsWell = (pick: Pick) =>
    words.length > 0 && [pick.name, pick.username ?? ''].some((text) => text.toLocaleLowerCase().startsWith(words[0]!));
  return picks
    .filter((pick) => words.every((word) => textOf(pick).includes(word)))
    .sort((a, b) => Number(startsWell(b)) - Number(startsWell(a)) || compare(a.name, b.name));
}

/** How a title fails before anybody is asked; undefined where it may do. */
export function titleProblem(title: string): 'empty' | 'long' | undefined {
  const text = title.trim();
  if (text === '') return 'empty';
  return countGraphemes(text) > limits.titleGraphemes ? 'long' : undefined;
}

/** The people of a group in the order one looks for them: its owner, oneself, the others by name; and who was asked in. */
export function sortMembers(
  members: Iterable<Member>,
  me: string | undefined,
  nameOf: (userId: string) => string,
  compare: Intl.Collator['compare'],
): { joined: Member[]; invited: Member[] } {
  const rank = ({ role, userId }: Member) => (role === 'owner' ? 0 : userId === me ? 1 : 2);
  const sorted = [...members].sort((a, b) => rank(a) - rank(b) || compare(nameOf(a.userId), nameOf(b.userId)));
  return {
    joined: sorted.filter(({ state }) => state === 'joined'),
    invited: sorted.filter(({ state }) => state === 'invited'),
  };
}

/** What one may do with somebody in a group. */
export function memberActs(
  { userId, state, invitedBy }: Member,
  me: string | undefined,
  isOwner: boolean,
): ('handOver' | 'remove' | 'uninvite')[] {
  if (userId === me) return [];
  if (state === 'invited') return isOwner || invitedBy === me ? ['uninvite'] : [];
  return isOwner ? ['handOver', 'remove'] : [];
}
