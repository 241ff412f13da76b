import type { Context } from './context';
import { emptySaidDrafts } from './drafts';
import type { EventOf } from './events';
import type { DraftState, Feed, OutboxEntry, Personal } from './state';
import type { Snapshot } from '../storage/client-storage';
import { reviveEntry } from './outbox-entry';

/**
 * Restores a user's stored state, drawn before the network answers. Feeds with an unknown kind of change are read
 * again.
 */
export function onRestored(ctx: Context, { userId, lobbyId, snapshot }: EventOf<'restored'>): void {
  if (userId === undefined || (ctx.state.account.userId !== undefined && ctx.state.account.userId !== userId)) return;
  ctx.setSlice('account', {
    userId,
    loading: undefined,
    lobbyId: snapshot?.personal?.lobbyId ?? lobbyId ?? ctx.state.account.lobbyId,
  });
  if (!snapshot) return;
  const { personal } = snapshot;
  const users = new Map(snapshot.users.map((user) => [user.id, user]));
  if (personal?.user) users.set(personal.user.id, personal.user);
  for (const [id, user] of ctx.state.people.users) {
    if ((users.get(id)?.profileRev ?? 0) < user.profileRev) users.set(id, user);
  }
  ctx.setSlice('people', { users });
  ctx.set({
    feeds: new Map(snapshot.conversations.map((stored) => [stored.conversation.id, toFeed(stored, personal?.epoch)])),
    ...(personal?.epoch !== undefined && { epoch: personal.epoch }),
    personal: toPersonal(personal, ctx.state.personal, snapshot.outbox),
  });
  ctx.setSlice('outbox', { entries: mergeOutbox(snapshot.outbox, ctx.state.outbox.entries, personal?.epoch) });
  ctx.setSlice('personalFeed', { ...(personal?.rev !== undefined && { rev: personal.rev }) });
  ctx.setSlice('presence', { isHidden: personal?.isHidden ?? ctx.state.presence.isHidden });
  ctx.setSlice('conversations', { neverOpened: new Set(personal?.unread ?? []) });
  emptySaidDrafts(ctx);
}

/** Returns the stored personal state, with drafts that were typed while the storage was opening. */
function toPersonal(stored: Snapshot['personal'], own: Personal, outbox: readonly OutboxEntry[]): Personal {
  const drafts = new Map<string, DraftState>(
    (stored?.drafts ?? []).map(({ conversationId, body, typed }) => [
      conversationId,
      { body, ...(typed !== undefined && { local: { body: typed } }) },
    ]),
  );
  for (const [id, { local }] of own.drafts) if (local) drafts.set(id, { body: drafts.get(id)?.body ?? '', local });
  return {
    friends: new Map((stored?.friends ?? []).map((friend) => [friend.userId, friend])),
    blocks: new Map((stored?.blocks ?? []).map(({ userId, level }) => [userId, level])),
    drafts,
    saidDrafts: new Map(
      outbox.flatMap((entry) =>
        entry.kind === 'send' && entry.state !== 'failed' ? [[entry.conversationId, entry.body]] : [],
      ),
    ),
    settings: { ...own.settings, ...stored?.settings },
    invitations: new Map((stored?.invitations ?? []).map((each) => [each.conversationId, each])),
  };
}

function toFeed(stored: Snapshot['conversations'][number], epoch: string | undefined): Feed {
  const { conversation, cursor, first } = stored;
  // Another tab may have stored a floor that is newer than these rows.
  const rows = stored.rows.filter(({ message }) => message.seq > conversation.floorSeq);
  const isUsable = cursor !== undefined && stored.epoch === epoch && epoch !== undefined && !stored.hasUnknown;
  const lowest = rows[0]?.message.seq ?? first;
  return {
    conversation,
    ...(isUsable && { cursor }),
    first: lowest,
    rows,
    ahead: new Map(),
    // Rows end at a hole. Those below it can be paged in.
    hasBefore: lowest > conversation.floorSeq + 1,
    readSeq: stored.readSeq,
    readSent: conversation.readSeq ?? 0,
    deliveredSent: 0,
    ...(stored.members && { members: new Map(stored.members.map((member) => [member.userId, member])) }),
    marks: new Map(),
    sync: 'idle',
    hasUnknown: false,
    resets: 0,
    wantsBefore: false,
  };
}

/** Merges the stored outbox with entries made while the storage was opening. Stored entries win. */
function mergeOutbox(
  stored: readonly OutboxEntry[],
  own: readonly OutboxEntry[],
  epoch: string | undefined,
): readonly OutboxEntry[] {
  const byId = new Map(own.map((entry) => [entry.entryId, entry]));
  for (const entry of stored) byId.set(entry.entryId, reviveEntry(entry, epoch));
  return [...byId.values()].sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
}
