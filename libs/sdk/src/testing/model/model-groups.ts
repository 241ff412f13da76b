import { type ErrorCode, type Invitation, type Member, type Membership, limits } from '@cloudhop/contracts';
import type { ModelTables } from './model-tables';
import type { ConversationRow, MemberRow } from './model-rows';

export type GroupVerb = 'add' | 'join' | 'leave' | 'remove' | 'hand_over';

/** Changed memberships, each at a rev of both feeds, or the reason why none changed. */
export interface GroupVerdict {
  readonly code?: ErrorCode | 'exists';
  readonly told: readonly { readonly userId: string; readonly rev: number; readonly feedRev: number }[];
}

const nothing = (code: ErrorCode | 'exists'): GroupVerdict => ({ code, told: [] });
const isIn = (member: MemberRow | undefined) => member?.state === 'joined' || member?.state === 'invited';

/** As group_create_v1, with the limits on numbers left out. */
export function createGroup(
  database: ModelTables,
  actorId: string,
  id: string,
  title: string,
  userIds: readonly string[],
): GroupVerdict {
  const made = database.conversations.get(id);
  if (made) return nothing(made.createdBy === actorId ? 'exists' : 'id_taken');
  for (const userId of userIds) {
    const code = userId === actorId ? undefined : groupRefusal(database, actorId, userId);
    if (code) return nothing(code);
  }
  database.addConversation(id, 'group');
  const row = database.conversations.get(id)!;
  row.createdBy = actorId;
  row.settings = { ...row.settings, title };
  const joins = (userId: string) => userId === actorId || database.people.friend(actorId, userId) === 'friend';
  const all = [...new Set([...userIds, actorId])].sort();
  // An invitation counts who is in by then.
  const inOrder = [...all.filter(joins), ...all.filter((userId) => !joins(userId))];
  const told = inOrder.map((userId) =>
    writeMember(database, id, userId, {
      role: userId === actorId ? 'owner' : 'member',
      state: joins(userId) ? 'joined' : 'invited',
      ...(userId !== actorId && { inviterId: actorId }),
    }),
  );
  return { told };
}

/** As group_change_v1. */
export function changeGroup(
  database: ModelTables,
  conversationId: string,
  actorId: string,
  userId: string,
  verb: GroupVerb,
): GroupVerdict {
  const row = database.conversations.get(conversationId);
  if (row?.kind !== 'group') return nothing('not_found');
  const code = refusalOf(database, conversationId, actorId, userId, verb);
  if (code) return nothing(code);
  const was = row.members.get(userId);
  const isFriend = database.people.friend(actorId, userId) === 'friend';
  const other = verb === 'hand_over' ? actorId : successor(row.members, userId, verb);
  const next = (each: string): NewMember => {
    if (each === other) return { role: verb === 'leave' ? 'owner' : 'member', state: 'joined' };
    if (verb === 'add') return { role: 'member', state: isFriend ? 'joined' : 'invited', inviterId: actorId };
    if (verb === 'hand_over') return { role: 'owner', state: 'joined' };
    return { role: 'member', state: verb === 'join' ? 'joined' : 'left' };
  };
  const changed = [userId, ...(other !== undefined && (verb === 'hand_over' || was?.role === 'owner') ? [other] : [])];
  return { told: changed.sort().map((each) => writeMember(database, conversationId, each, next(each))) };
}

function refusalOf(
  database: ModelTables,
  conversationId: string,
  actorId: string,
  userId: string,
  verb: GroupVerb,
): ErrorCode | 'exists' | undefined {
  const { members } = database.conversations.get(conversationId)!;
  const [actor, was] = [members.get(actorId), members.get(userId)];
  if (verb === 'join') return was?.state === 'joined' ? 'exists' : was?.state === 'invited' ? undefined : 'not_found';
  if (verb === 'leave') return !was ? 'not_found' : isIn(was) ? undefined : 'exists';
  if (actor?.state !== 'joined') return 'not_found';
  if (verb === 'add') {
    if (isIn(was)) return 'exists';
    if (was?.state === 'banned') return 'not_accepting';
    const isFull = [...members.values()].filter(isIn).length >= limits.groupMembers;
    return groupRefusal(database, actorId, userId) ?? (isFull ? 'limit_reached' : undefined);
  }
  if (verb === 'remove') {
    if (!was) return 'not_found';
    const isInviter = was.state === 'invited' && was.invitation?.invitedBy === actorId;
    if (userId === actorId || (actor.role !== 'owner' && !isInviter)) return 'forbidden';
    return isIn(was) ? undefined : 'exists';
  }
  if (actor.role !== 'owner') return 'forbidden';
  if (was?.state !== 'joined') return 'not_found';
  return was.role === 'owner' ? 'exists' : undefined;
}

/** As group_refusal_v1. */
function groupRefusal({ users, people }: ModelTables, actorId: string, userId: string): ErrorCode | undefined {
  if (!users.has(userId)) return 'not_found';
  if (people.isBlocked(userId, actorId) || people.isBlocked(actorId, userId)) return 'not_accepting';
  if (people.friend(actorId, userId) === 'friend') return undefined;
  return people.settingsOf(userId).acceptsRequests ? undefined : 'not_accepting';
}

/** Whoever was there first after an owner who leaves. */
function successor(members: ReadonlyMap<string, MemberRow>, userId: string, verb: GroupVerb): string | undefined {
  if (verb !== 'leave' || members.get(userId)?.role !== 'owner') return undefined;
  const others = [...members].filter(([id, { state }]) => id !== userId && state === 'joined');
  return others.sort(([, a], [, b]) => (a.joined ?? 0) - (b.joined ?? 0))[0]?.[0];
}

interface NewMember extends Pick<MemberRow, 'role' | 'state'> {
  readonly inviterId?: string;
}

/** As member_write_v1. */
function writeMember(
  database: ModelTables,
  conversationId: string,
  userId: string,
  { role, state, inviterId }: NewMember,
): GroupVerdict['told'][number] {
  const row = database.conversations.get(conversationId)!;
  const was = row.members.get(userId);
  const feedRev = database.bump(userId);
  const rev = ++row.log.rev;
  row.memberCount += Number(state === 'joined') - Number(was?.state === 'joined');
  const { invitation: _, ...kept } = was ?? { readSeq: 0, role, state, rev, feedRev };
  row.members.set(userId, {
    ...kept,
    role,
    state,
    rev,
    feedRev,
    readSeq: state === 'joined' && was?.state !== 'joined' ? row.log.seq : kept.readSeq,
    ...(state === 'invited' && inviterId !== undefined && { invitation: invitationOf(database, row, inviterId) }),
    joined: was?.state === 'joined' ? was.joined! : ++database.joins,
  });
  return { userId, rev, feedRev };
}

/** As it is sent: it stays so, whatever becomes of the group. */
function invitationOf(
  database: ModelTables,
  { settings, memberCount }: ConversationRow,
  invitedBy: string,
): Invitation {
  return { ...(settings.title !== undefined && { title: settings.title }), invitedBy, at: database.now, memberCount };
}

/** A group that the user is in or asked into, or was. */
export function groupOf({ conversations }: ModelTables, userId: string): string | undefined {
  for (const [id, { kind, members }] of conversations) if (kind === 'group' && members.has(userId)) return id;
  return undefined;
}

/** Groups that wait for the user's answer. */
export function invitationsOf(database: ModelTables, userId: string): Membership[] {
  return [...database.conversations].flatMap(([id, { members }]) =>
    members.get(userId)?.state === 'invited' ? [database.membership(id, userId)] : [],
  );
}

/** Returns the members of a group and those who are invited. */
export function membersOf(database: ModelTables, conversationId: string): Member[] {
  return [...database.conversations.get(conversationId)!.members].flatMap(([userId, member]) =>
    isIn(member) ? [database.member(conversationId, userId)] : [],
  );
}
