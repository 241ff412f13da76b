import type { Member, MemberState } from '@cloudhop/contracts';

/** The people of a room in the order one looks for them. */
export interface MemberGroups {
  here: Member[];
  /** Owner and moderators who are elsewhere. */
  staff: Member[];
  rest: Member[];
}

/** What a page of the list says, with what has changed since laid over it. */
export function withChanges(
  listed: readonly Member[],
  changed: ReadonlyMap<string, Member>,
  state: MemberState,
): Member[] {
  const known = new Set(listed.map(({ userId }) => userId));
  const kept = listed.map((member) => {
    const change = changed.get(member.userId);
    // Who is here is said by the list alone.
    return change ? { ...change, ...(member.isHere && { isHere: member.isHere }) } : member;
  });
  const come = [...changed.values()].filter(({ userId }) => !known.has(userId));
  return [...kept, ...come].filter((member) => member.state === state);
}

/** Who is here first, then owner and moderators, then everybody else, each as the list has them. */
export function groupMembers(members: readonly Member[]): MemberGroups {
  const rankOf = ({ role }: Member) => ({ owner: 0, moderator: 1, member: 2 })[role];
  const byRank = (some: Member[]) => some.sort((a, b) => rankOf(a) - rankOf(b));
  const away = members.filter(({ isHere }) => !isHere);
  return {
    here: byRank(members.filter(({ isHere }) => isHere)),
    staff: byRank(away.filter(({ role }) => role !== 'member')),
    rest: away.filter(({ role }) => role === 'member'),
  };
}
