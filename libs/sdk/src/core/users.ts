import { limits, type User } from '@cloudhop/contracts';
import type { Context } from './context';
import type { State } from './state';

/** Takes users of a reply or frame. Of two states of one user the higher profileRev wins. */
export function learnUsers(ctx: Context, users: readonly User[]): void {
  let next: Map<string, User> | undefined;
  for (const user of users) {
    const known = (next ?? ctx.state.people.users).get(user.id);
    if (known && known.profileRev >= user.profileRev) continue;
    next ??= new Map(ctx.state.people.users);
    next.set(user.id, user);
    // Registered in another tab, or here by a lost reply: a refresh brings the new session.
    if (user.id === ctx.state.account.userId && known?.kind === 'guest' && user.kind !== 'guest')
      ctx.setSession({ renewAt: ctx.now });
  }
  if (next) ctx.setSlice('people', { users: next.size > maxUsers ? usersInUse(ctx.state, next) : next });
}

const maxUsers = 10_000;

function usersInUse(state: State, users: ReadonlyMap<string, User>): ReadonlyMap<string, User> {
  const used = new Set<string>(state.account.userId === undefined ? [] : [state.account.userId]);
  for (const id of acquaintances(state)) used.add(id);
  for (const feed of state.feeds.values()) for (const { message } of feed.rows) used.add(message.authorId);
  for (const { notices } of state.presence.byConversation.values())
    for (const { userIds } of notices) for (const id of userIds) used.add(id);
  return new Map([...users].filter(([id]) => used.has(id)));
}

/**
 * Returns the ids of the people whom lists name: friends, blocked people, peers of direct conversations, authors of last
 * messages, and those who invite into a group.
 */
export function acquaintances({ feeds, personal }: State): Set<string> {
  const ids = new Set([...personal.friends.keys(), ...personal.blocks.keys()]);
  for (const { conversation } of feeds.values()) {
    if (conversation.peerId !== undefined) ids.add(conversation.peerId);
    if (conversation.last !== undefined) ids.add(conversation.last.authorId);
  }
  for (const { invitation } of personal.invitations.values()) if (invitation) ids.add(invitation.invitedBy);
  return ids;
}

const maxLookups = 5;

/** Asks for the profiles of people on screen: renames take no rev, so a sync does not include them. */
export function driveLookup(ctx: Context): void {
  const { state } = ctx;
  if (!state.people.mustLookup || !state.connection.isSynced || state.personalFeed.sync !== 'idle') return;
  if (!ctx.canAsk) return ctx.wakeForBudget();
  ctx.setSlice('people', { mustLookup: false });
  const ids = [...new Set([...authorsOnScreen(state), ...acquaintances(state)])];
  for (let from = 0; from < Math.min(ids.length, maxLookups * limits.lookupUsers); from += limits.lookupUsers) {
    const users = ids
      .slice(from, from + limits.lookupUsers)
      .map((id) => ({ id, profileRev: state.people.users.get(id)?.profileRev ?? 0 }));
    ctx.request('user:lookup', { users }, { kind: 'lookup' });
  }
}

function authorsOnScreen(state: State): string[] {
  const ids = new Set<string>();
  const onScreen = [
    ...new Set([
      ...(state.account.lobbyId === undefined ? [] : [state.account.lobbyId]),
      ...state.conversations.opened,
    ]),
  ];
  for (const conversationId of onScreen) {
    const rows = state.feeds.get(conversationId)?.rows ?? [];
    for (let i = rows.length - 1; i >= 0 && ids.size < limits.lookupUsers; i--) ids.add(rows[i]!.message.authorId);
  }
  return [...ids];
}
