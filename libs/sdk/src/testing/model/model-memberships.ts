import type { ConversationChange, ErrorCode, Role } from '@cloudhop/contracts';
import type { ModelTables } from './model-tables';
import type { ConversationRow, MemberRow } from './model-rows';

export type MembershipVerb =
  'join' | 'leave' | 'remove' | 'ban' | 'unban' | 'mute' | 'unmute' | 'appoint' | 'hand_over';

export interface MembershipChange {
  readonly conversationId: string;
  /** Absent: the server itself. */
  readonly actorId: string | undefined;
  readonly userId: string;
  readonly verb: MembershipVerb;
  readonly role?: Role;
  readonly until?: string;
}

/** The memberships that were written, each at a rev of the personal feed; or the code with which none was. */
export interface MembershipVerdict {
  readonly code?: ErrorCode | 'exists';
  readonly told: readonly {
    readonly userId: string;
    /** Of the conversation feed, where the change takes one. */
    readonly rev?: number;
    /** Absent where the user's personal feed is not told. */
    readonly feedRev?: number;
  }[];
}

const rank: readonly Role[] = ['member', 'moderator', 'owner'];
const rankOf = (role: Role | undefined) => rank.indexOf(role ?? 'member');
const isOwn = (verb: MembershipVerb) => verb === 'join' || verb === 'leave';

/** Changes a membership of a room or the lobby, as membership_change_v3 does. */
export function changeMembership(database: ModelTables, large: number, change: MembershipChange): MembershipVerdict {
  const { conversationId, userId, verb } = change;
  const row = database.conversations.get(conversationId);
  const code = refusalOf(database, change);
  if (code || !row) return { code: code ?? 'not_found', told: [] };
  const memberCount = row.memberCount;
  const other = otherOf(row, change);
  const told: MembershipVerdict['told'][number][] = [];
  for (const id of other === undefined ? [userId] : [userId, other].sort()) {
    const was = row.members.get(id);
    const before: MemberRow = was ?? { role: 'member', state: absent(row), readSeq: 0, rev: 0, feedRev: 0 };
    const otherRole = verb === 'hand_over' ? 'moderator' : 'owner';
    const after: MemberRow =
      id === other ? { ...before, role: otherRole } : applyVerb(before, change, row, memberCount);

    if (after.state === before.state && after.role === before.role && after.mutedUntil === before.mutedUntil)
      return { code: 'exists', told };
    const takesRev = !isOwn(verb) || after.role !== before.role || memberCount <= large;
    told.push(write(database, row, { userId: id, was, after, takesRev, verb }));
  }
  return { told };
}

/** The state of a user of whom nothing was ever written. */
function absent({ kind }: ConversationRow): 'joined' | 'left' {
  return kind === 'lobby' ? 'joined' : 'left';
}

interface Written {
  readonly userId: string;
  readonly was: MemberRow | undefined;
  readonly after: MemberRow;
  readonly takesRev: boolean;
  readonly verb: MembershipVerb;
}

function write(
  database: ModelTables,
  row: ConversationRow,
  { userId, was, after, takesRev, verb }: Written,
): MembershipVerdict['told'][number] {
  const isIn = after.state === 'joined';
  const wasIn = was?.state === 'joined';
  if (row.kind !== 'lobby') row.memberCount += Number(isIn) - Number(wasIn);
  const rev = takesRev ? ++row.log.rev : undefined;
  const feedRev = isTold(row, verb, was) ? database.bump(userId) : undefined;
  const isNew = was === undefined && isIn && row.kind !== 'lobby';
  const isBack = was !== undefined && !wasIn && isIn && verb === 'join';
  const { joined: _, ...rest } = after;
  const joined = wasIn ? was.joined : isIn ? ++database.joins : undefined;
  row.members.set(userId, {
    ...rest,
    ...(joined !== undefined && { joined }),
    readSeq: isNew || isBack ? row.log.seq : after.readSeq,
    rev: rev ?? was?.rev ?? 0,
    feedRev: feedRev ?? 0,
  });
  return { userId, ...(rev !== undefined && { rev }), ...(feedRev !== undefined && { feedRev }) };
}

/** Returns true if the change is published in the user's feed, as membership_is_told_v1 decides. */
function isTold({ kind }: ConversationRow, verb: MembershipVerb, was: MemberRow | undefined): boolean {
  if (kind === 'lobby' || verb === 'join') return true;
  return was !== undefined && (was.state === 'joined' || was.feedRev > 0);
}

function refusalOf(
  database: ModelTables,
  { conversationId, actorId, userId, verb, role }: MembershipChange,
): ErrorCode | 'exists' | undefined {
  const row = database.conversations.get(conversationId);
  if (!row || !database.users.has(userId)) return 'not_found';
  const was = row.members.get(userId);
  if (isOwn(verb)) {
    if (was?.state === 'banned') return 'banned';
    if ((actorId !== undefined && actorId !== userId) || row.kind === 'lobby') return 'forbidden';
    if (verb === 'leave') return (was?.state ?? 'left') === 'left' ? 'exists' : undefined;
    if (was?.state === 'joined') return 'exists';
    return actorId !== undefined && row.kind !== 'room' ? 'not_found' : undefined;
  }
  if (actorId !== undefined) {
    const actor = row.members.get(actorId);
    if (actor?.state !== 'joined') return 'forbidden';
    if (verb === 'hand_over') {
      if (actor.role !== 'owner') return 'forbidden';
      if (was?.state !== 'joined') return 'not_found';
      return was.role === 'owner' ? 'exists' : undefined;
    }
    if (rankOf(actor.role) <= rankOf(was?.role)) return 'forbidden';
    if (verb === 'remove') return !was ? 'not_found' : was.state === 'joined' ? undefined : 'exists';
    if (verb === 'appoint' && rankOf(actor.role) <= rankOf(role)) return 'forbidden';
  }
  if (verb === 'appoint' && was?.state === 'banned') return 'not_found';
  const isOfMembers = verb === 'mute' || verb === 'unmute' || verb === 'appoint';
  return isOfMembers && was === undefined && row.kind !== 'lobby' ? 'not_found' : undefined;
}

function applyVerb(
  before: MemberRow,
  { verb, role, until }: MembershipChange,
  row: ConversationRow,
  memberCount: number,
): MemberRow {
  const { mutedUntil: _, ...unmuted } = before;
  switch (verb) {
    case 'join':
      // The first to join a room that everybody has left owns it.
      return {
        ...before,
        state: 'joined',
        ...(row.kind === 'room' && memberCount === 0 && { role: 'owner' as const }),
      };
    case 'leave':
    case 'remove':
      return { ...before, state: 'left', role: 'member' };
    case 'ban':
      return { ...before, state: 'banned', role: 'member' };
    case 'unban':
      return before.state === 'banned' ? { ...before, state: absent(row) } : before;
    case 'mute':
      return { ...before, mutedUntil: until! };
    case 'unmute':
      return unmuted;
    case 'hand_over':
      return { ...before, role: 'owner' };
    case 'appoint':
      return { ...before, role: role! };
  }
}

/** The other member whose role changes: who hands the room over, or who follows an owner that leaves. */
function otherOf(row: ConversationRow, { actorId, userId, verb }: MembershipChange): string | undefined {
  if (verb === 'hand_over') return actorId;
  return verb === 'leave' && row.members.get(userId)?.role === 'owner' ? nextOwner(row, userId) : undefined;
}

/** As next_owner_v1: moderators first, then whoever joined first. */
function nextOwner({ members }: ConversationRow, ownerId: string): string | undefined {
  const others = [...members].filter(([id, { state }]) => id !== ownerId && state === 'joined');
  const key = ({ role, joined }: MemberRow): [number, number] => [role === 'moderator' ? 0 : 1, joined ?? Infinity];
  return others.sort(([idA, a], [idB, b]) => {
    const [roleA, joinedA] = key(a);
    const [roleB, joinedB] = key(b);
    if (roleA !== roleB) return roleA - roleB;
    if (joinedA !== joinedB) return joinedA < joinedB ? -1 : 1;
    return idA < idB ? -1 : 1;
  })[0]?.[0];
}

export interface SettingsVerdict {
  readonly code?: ErrorCode;
  /** Absent where nothing changes. */
  readonly change?: ConversationChange;
}

/** Changes title and slow mode of a room, as room_settings_v1 does. */
export function changeRoomSettings(
  database: ModelTables,
  conversationId: string,
  actorId: string,
  change: { readonly title: string; readonly slowModeMs: number },
): SettingsVerdict {
  const row = database.conversations.get(conversationId);
  const actor = row?.members.get(actorId);
  if (row?.kind !== 'room' || actor?.state !== 'joined') return { code: 'not_found' };
  if (actor.role === 'member') return { code: 'forbidden' };
  const settings = { ...row.settings, ...change };
  if (settings.title === row.settings.title && settings.slowModeMs === row.settings.slowModeMs) return {};
  row.settings = settings;
  row.settingsRev = ++row.log.rev;
  return { change: { kind: 'settings', rev: row.settingsRev, settings } };
}
