import type { ClientView, ConnectionView, Inspection } from '../view';
import { isCaughtUp } from './connection';
import type { State } from './state';
import type { Summaries } from './summaries';
import { pendingDeletions } from './timeline';

/** Returns the state as the page sees it at `now`. */
export function toView(state: State, now: number, summaries: Summaries): ClientView {
  const me = state.account.userId === undefined ? undefined : state.people.users.get(state.account.userId);
  const conversations = summaries.all(state, now);
  const { friends, invitations } = state.personal;
  return {
    connection: toConnection(state, now),
    ...(me && { me }),
    ...(state.account.lobbyId !== undefined && { lobbyId: state.account.lobbyId }),
    users: state.people.users,
    conversations,
    gone: state.conversations.gone,
    friends,
    blocks: state.personal.blocks,
    settings: state.personal.settings,
    statuses: state.people.statuses,
    invitations: invitationsOf(invitations),
    badge: badgeOf(conversations, state.personal),
    deletions: pendingDeletions(state, now),
    isHidden: state.presence.isHidden,
    isEphemeral: state.device.isEphemeral,
  };
}

const known = new WeakMap<State['personal']['invitations'], ClientView['invitations']>();

function invitationsOf(memberships: State['personal']['invitations']): ClientView['invitations'] {
  let invitations = known.get(memberships);
  if (!invitations) {
    invitations = new Map([...memberships].flatMap(([id, { invitation }]) => (invitation ? [[id, invitation]] : [])));
    known.set(memberships, invitations);
  }
  return invitations;
}

/** Sums the badges. Leaves out the lobby: its read mark stays on each device, so devices would differ. */
function badgeOf(
  conversations: ClientView['conversations'],
  { friends, blocks, invitations }: State['personal'],
): number {
  let badge = 0;
  for (const { conversation, badge: own } of conversations.values())
    if (conversation.kind !== 'lobby' && !blocks.has(conversation.peerId ?? '')) badge += own;
  for (const { state, userId } of friends.values()) if (state === 'received' && !blocks.has(userId)) badge++;
  for (const { invitation } of invitations.values()) if (invitation && !blocks.has(invitation.invitedBy)) badge++;
  return badge;
}

/** Returns cursors and outbox at `now`. */
export function toInspection(state: State, now: number): Inspection {
  const {
    epoch,
    personalFeed: { rev: personalRev },
    feeds,
    outbox: { entries: outbox },
  } = state;
  const cursors = [...feeds].flatMap(([id, { cursor }]) => (cursor === undefined ? [] : [[id, cursor] as const]));
  return {
    connection: toConnection(state, now),
    ...(epoch !== undefined && { epoch }),
    ...(personalRev !== undefined && { personalRev }),
    cursors: Object.fromEntries(cursors),
    outbox: outbox.map(({ entryId, kind, conversationId, state: status }) => ({
      entryId,
      kind,
      conversationId,
      state: status,
    })),
  };
}

function toConnection(state: State, now: number): ConnectionView {
  const { status, retryAt, attempts, fatal, reason } = state.connection;
  const rest = { attempts, ...(fatal && { fatal }), ...(reason && { reason }) };
  if (status === 'open') return { phase: isCaughtUp(state) ? 'live' : 'catchingUp', ...rest };
  const isTrying =
    status === 'opening' || (status === 'waiting' && (state.session.requestId !== undefined || retryAt <= now));
  if (isTrying) return { phase: 'connecting', ...rest };
  return { phase: 'offline', ...(status === 'waiting' && { retryAt }), ...rest };
}
