import type { Member, MemberState } from '@cloudhop/contracts';

/** Members of a room, grouped as the list shows them. */
export interface MemberGroups {
  here: Member[];
  /** Owner and moderators who are offline. */
  staff: Member[];
  rest: Member[];
}

/** Returns a page of the list with later changes applied. */
export function withChanges(
  listed: readonly Member[],
  changed: ReadonlyMap<string, Member>,
  state: MemberState,
): Member[] {
  const known = new Set(listed.map(({ userId }) => userId));
  const kept = listed.map((member) => {
    const change = changed.get(member.userId);
    // Only the list knows who is online.
    return change ? { ...change, ...(member.isHere && { isHere: member.isHere }) } : member;
  });
  const come = [...changed.values()].filter(({ userId }) => !known.has(userId));
  return [...kept, ...come].filter((member) => member.state === state);
}

/** Groups members: online first, then owner and moderators, then everybody else, each in the order of the list. */
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
