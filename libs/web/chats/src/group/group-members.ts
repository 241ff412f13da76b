import { countGraphemes, limits, type Member } from '@cloudhop/contracts';

/** Returns why a title is invalid; undefined if the server may accept it. */
export function titleProblem(title: string): 'empty' | 'long' | undefined {
  const text = title.trim();
  if (text === '') return 'empty';
  return countGraphemes(text) > limits.titleGraphemes ? 'long' : undefined;
}

/** Sorts the members of a group: owner, the user, the others by name, then invited users. */
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

/** Returns the actions one may take on a member. */
export function memberActions(
  { userId, state, invitedBy }: Member,
  me: string | undefined,
  isOwner: boolean,
): ('handOver' | 'remove' | 'uninvite')[] {
  if (userId === me) return [];
  if (state === 'invited') return isOwner || invitedBy === me ? ['uninvite'] : [];
  return isOwner ? ['handOver', 'remove'] : [];
}
