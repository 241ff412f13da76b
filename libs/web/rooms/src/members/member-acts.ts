import type { Member, Role } from '@cloudhop/contracts';

export type RoomAct =
  'promote' | 'demote' | 'handOver' | 'mute' | 'unmute' | 'remove' | 'ban' | 'unban' | 'invite' | 'uninvite';

const ranks: Record<Role, number> = { member: 0, moderator: 1, owner: 2 };

/** Whether a mute still holds; `now` is in milliseconds. */
export function isMuted({ mutedUntil }: Pick<Member, 'mutedUntil'>, now: number): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > now;
}

/** Whether somebody looks after the room. */
export function isStaff(role: Role | undefined): boolean {
  return role === 'owner' || role === 'moderator';
}

/** What one may do about somebody in a room: only with those below oneself. */
export function memberActs(
  member: Member,
  { me, role, now }: { me: string | undefined; role: Role; now: number },
): RoomAct[] {
  if (member.userId === me || !isStaff(role) || ranks[member.role] >= ranks[role]) return [];
  if (member.state === 'invited') return ['uninvite'];
  if (member.state === 'banned') return ['unban'];
  if (member.state === 'left') return ['invite'];
  // A role is given by whoever stands above it: of moderators there is one above.
  return [
    ...(role === 'owner' ? ([member.role === 'moderator' ? 'demote' : 'promote', 'handOver'] as const) : []),
    isMuted(member, now) ? 'unmute' : 'mute',
    'remove',
    'ban',
  ];
}
