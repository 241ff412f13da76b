import type { Member, Role } from '@cloudhop/contracts';

export type RoomAction =
  'promote' | 'demote' | 'handOver' | 'mute' | 'unmute' | 'remove' | 'ban' | 'unban' | 'invite' | 'uninvite';

const ranks: Record<Role, number> = { member: 0, moderator: 1, owner: 2 };

/** Returns whether a mute is still active; `now` is in milliseconds. */
export function isMuted({ mutedUntil }: Pick<Member, 'mutedUntil'>, now: number): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > now;
}

/** Returns whether the role moderates the room. */
export function isStaff(role: Role | undefined): boolean {
  return role === 'owner' || role === 'moderator';
}

/** Returns the actions one may take on a member: only on lower roles. */
export function memberActions(
  member: Member,
  { me, role, now }: { me: string | undefined; role: Role; now: number },
): RoomAction[] {
  if (member.userId === me || !isStaff(role) || ranks[member.role] >= ranks[role]) return [];
  if (member.state === 'invited') return ['uninvite'];
  if (member.state === 'banned') return ['unban'];
  if (member.state === 'left') return ['invite'];
  // Roles are assigned by the role above: only the owner is above moderators.
  return [
    ...(role === 'owner' ? ([member.role === 'moderator' ? 'demote' : 'promote', 'handOver'] as const) : []),
    isMuted(member, now) ? 'unmute' : 'mute',
    'remove',
    'ban',
  ];
}
