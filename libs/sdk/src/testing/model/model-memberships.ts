import type { ErrorCode, Member, Membership, Role } from '@cloudhop/contracts';
import type { ModelDatabase } from './model-database';
import type { MemberRow } from './model-rows';

export type MembershipVerb = 'join' | 'leave' | 'ban' | 'unban' | 'mute' | 'unmute' | 'appoint';

export interface MembershipChange {
  readonly conversationId: string;
  /** Absent: the server itself. */
  readonly actorId: string | undefined;
  readonly userId: string;
  readonly verb: MembershipVerb;
  readonly role?: Role;
  readonly until?: string;
}

export interface MembershipVerdict {
  readonly verdict: 'stored' | 'exists' | 'refused';
  readonly code?: ErrorCode;
  /** Of the conversation feed, where the change takes one. */
  readonly rev?: number;
  readonly feedRev?: number;
  readonly member?: Member;
  readonly membership?: Membership;
}

const rank: readonly Role[] = ['member', 'moderator', 'owner'];
const rankOf = (role: Role | undefined) => rank.indexOf(role ?? 'member');

/** One change of one membership, as membership_change_v3 does it. */
export function changeMembership(database: ModelDatabase, large: number, change: MembershipChange): MembershipVerdict {
  const { conversationId, userId, verb } = change;
  const row = database.conversations.get(conversationId);
  const was = row?.members.get(userId);
  const code = refusalOf(database, change, was);
  if (code || !row) return { verdict: 'refused', code: code ?? 'not_found' };
  const absent = row.kind === 'lobby' ? 'joined' : 'left';
  const before: MemberRow = was ?? { role: 'member', state: absent, readSeq: 0, rev: 0, feedRev: 0 };
  const after = applyVerb(
    before,
    change,
    was === undefined || was.state !== 'joined' ? row.log.seq : before.readSeq,
    absent,
  );
  const isSame = after.state === before.state && after.role === before.role && after.mutedUntil === before.mutedUntil;
  if (isSame) {
    const { role, state, mutedUntil, readSeq } = after;
    const unknown = { userId, role, state, ...(mutedUntil !== undefined && { mutedUntil }) };
    const member = was ? database.member(conversationId, userId) : unknown;
    const membership = was
      ? database.membership(conversationId, userId)
      : { conversationId, ...withoutUser(unknown), readSeq };
    return { verdict: 'exists', member, membership };
  }
  const takesRev = (verb !== 'join' && verb !== 'leave') || row.memberCount <= large;
  if (row.kind !== 'lobby') row.memberCount += Number(after.state === 'joined') - Number(was?.state === 'joined');
  const rev = takesRev ? ++row.log.rev : undefined;
  const feedRev = database.bump(userId);
  row.members.set(userId, { ...after, rev: rev ?? before.rev, feedRev });
  return {
    verdict: 'stored',
    ...(rev !== undefined && { rev }),
    feedRev,
    member: database.member(conversationId, userId),
    membership: database.membership(conversationId, userId),
  };
}

function withoutUser({ userId: _, ...rest }: Member): Omit<Member, 'userId'> {
  return rest;
}

function refusalOf(
  database: ModelDatabase,
  { conversationId, actorId, userId, verb, role }: MembershipChange,
  was: MemberRow | undefined,
): ErrorCode | undefined {
  const row = database.conversations.get(conversationId);
  const isOwnVerb = verb === 'join' || verb === 'leave';
  if (!row || !database.users.has(userId)) return 'not_found';
  if (was?.state === 'banned' && isOwnVerb) return 'banned';
  if (isOwnVerb && actorId !== userId && actorId !== undefined) return 'forbidden';
  if (isOwnVerb && row.kind === 'lobby') return 'forbidden';
  if (!isOwnVerb && actorId !== undefined) {
    const actor = row.members.get(actorId);
    if (actor?.state !== 'joined' || rankOf(actor.role) <= rankOf(was?.role)) return 'forbidden';
    if (verb === 'appoint' && rankOf(actor.role) <= rankOf(role)) return 'forbidden';
  }
  if (verb === 'appoint' && was?.state !== 'joined' && row.kind !== 'lobby') return 'not_found';
  return undefined;
}

function applyVerb(
  before: MemberRow,
  { verb, role, until }: MembershipChange,
  readSeqOnJoin: number,
  absent: 'joined' | 'left',
): MemberRow {
  const { mutedUntil: _, ...unmuted } = before;
  switch (verb) {
    case 'join':
      return { ...before, state: 'joined', readSeq: readSeqOnJoin };
    case 'leave':
      return { ...before, state: 'left', role: 'member' };
    case 'ban':
      return { ...before, state: 'banned', role: 'member' };
    case 'unban':
      return before.state === 'banned' ? { ...before, state: absent } : before;
    case 'mute':
      return { ...before, mutedUntil: until! };
    case 'unmute':
      return unmuted;
    case 'appoint':
      return { ...before, role: role!, state: 'joined' };
  }
}
