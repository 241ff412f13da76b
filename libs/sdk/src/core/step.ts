import type { HistoryReply, Message, OpenReply, RequestReply, SyncReply } from '@cloudhop/contracts';
import {
  askForSync,
  driveConnection,
  onConnectFailed,
  onConnected,
  onDisconnected,
  onOfflineHint,
  onStarted,
  onStopped,
  onTriedNow,
  onWoken,
} from './connection';
import { Context, withItem, withoutItem, withoutKey } from './context';
import type { ClientEvent, Effect, EventOf, Outcome } from './events';
import { driveDrafts, onDraftAnswered, onSetDraft } from './drafts';
import { driveOutbox, onEntryAnswered, settleOutbox } from './outbox-sender';
import { trimFeed } from './feed';
import { drivePages, onLoadBefore, onPageAnswered } from './history';
import { driveJumpWindow, onJumpTo, onJumpToLatest, onLoadInWindow, onWindowAnswered } from './jump-window';
import { onClaimLost, onClaimed } from './lanes';
import {
  onDiscard,
  onEdit,
  onEntryStored,
  onOutboxLoaded,
  onReact,
  onRemove,
  onRetry,
  onSend,
  onUndoRemove,
} from './outbox';
import { onJoined } from './personal';
import { driveOwnPresence, drivePresence, onCount, onPresence, onStatus, planCount } from './presence';
import { driveReads, onMarkRead, onReadFailed, onReadMarks } from './reads';
import { onRestored } from './restore';
import {
  driveSession,
  endSession,
  onLoggedOut,
  onRenewFailed,
  onSessionAnswered,
  onSignedIn,
  onTokenRejected,
} from './session';
import type { State } from './state';
import { driveQuiet } from './summaries';
import {
  driveSync,
  onFrame,
  onOpenAnswered,
  onPersonalFrame,
  onRequestRefused,
  onSyncAnswered,
  replayPendingFrames,
  settleSync,
} from './sync';
import { driveTyping, onSetTyping, onTyping } from './typing';
import { driveLookup, learnUsers } from './users';
import { writesBetween } from './writes';

export interface Step {
  state: State;
  effects: readonly Effect[];
}

/** The whole client as a function: an event in, the new state and effects out. Any event is legal at any time. */
export function step(before: State, event: ClientEvent): Step {
  const ctx = new Context({ ...before, wakeAt: undefined }, event.now, event.random);
  if (ctx.state.connection.status === 'open' && isFromServer(event))
    ctx.setConnection({ lastReceivedAt: event.now, livenessDeadline: undefined });
  dispatch(ctx, event);
  settleSync(ctx);
  trim(ctx);
  settleOutbox(ctx, before);
  driveSession(ctx);
  driveConnection(ctx);
  driveSync(ctx);
  drivePages(ctx);
  driveJumpWindow(ctx);
  driveLookup(ctx);
  drivePresence(ctx);
  driveOwnPresence(ctx);
  driveOutbox(ctx);
  driveReads(ctx);
  driveDrafts(ctx);
  driveTyping(ctx);
  driveQuiet(ctx);
  const writes = writesBetween(before, ctx.state).map((write): Effect => ({ type: 'write', write }));
  return { state: ctx.state, effects: [...writes, ...ctx.effects] };
}

/** Returns true if the event came from the server. A timeout did not. */
function isFromServer(event: ClientEvent): boolean {
  if (event.type === 'answered') return event.outcome.ok || event.outcome.error !== undefined;
  return event.type === 'factReceived';
}

function dispatch(ctx: Context, event: ClientEvent): void {
  switch (event.type) {
    case 'restored':
      return onRestored(ctx, event);
    case 'started':
      return onStarted(ctx);
    case 'stopped':
      return onStopped(ctx);
    case 'ticked':
      return;
    case 'offlineHinted':
      return onOfflineHint(ctx);
    case 'woken':
      return onWoken(ctx);
    case 'triedNow':
      return onTriedNow(ctx);
    case 'loggedOut':
      return onLoggedOut(ctx);
    case 'sessionAnswered':
      return onSessionAnswered(ctx, event);
    case 'signedIn':
      return onSignedIn(ctx, event.session);
    case 'tokenRejected':
      return onTokenRejected(ctx, event.token);
    case 'connected':
      onConnected(ctx, event);
      return planCount(ctx);
    case 'connectFailed':
      return onConnectFailed(ctx, event);
    case 'disconnected':
      return onDisconnected(ctx, event);
    case 'factReceived':
      return onFactReceived(ctx, event);
    case 'answered':
      return onAnswered(ctx, event);
    case 'entryStored':
      return onEntryStored(ctx, event.entryId);
    case 'outboxLoaded':
      return onOutboxLoaded(ctx, event);
    case 'claimed':
      return onClaimed(ctx, event.conversationId, event.claimId);
    case 'claimLost':
      return onClaimLost(ctx, event.conversationId);
    case 'locksRefused':
      ctx.setSlice('device', { hasLocks: false });
      return ctx.setSlice('outbox', { lanes: new Map() });
    case 'storageRefused':
      return ctx.setSlice('device', { isEphemeral: true });
    case 'learned':
      return learnUsers(ctx, event.users);
    case 'joined':
      return onJoined(ctx, event);
    case 'send':
      return onSend(ctx, event);
    case 'edit':
      return onEdit(ctx, event);
    case 'remove':
      return onRemove(ctx, event);
    case 'react':
      return onReact(ctx, event);
    case 'undoRemove':
      return onUndoRemove(ctx, event.entryId);
    case 'retry':
      return onRetry(ctx, event.entryId);
    case 'discard':
      return onDiscard(ctx, event.entryId);
    case 'open':
      return onOpen(ctx, event.conversationId);
    case 'close':
      return onClose(ctx, event.conversationId);
    case 'loadBefore':
      return onLoadBefore(ctx, event.conversationId);
    case 'loadAfter':
      return onLoadInWindow(ctx, event.conversationId, 'after');
    case 'jumpTo':
      return onJumpTo(ctx, event.conversationId, event.seq);
    case 'jumpToLatest':
      return onJumpToLatest(ctx, event.conversationId);
    case 'markRead':
      return onMarkRead(ctx, event.conversationId, event.seq);
    case 'setDraft':
      return onSetDraft(ctx, event.conversationId, event.body);
    case 'setHidden':
      if (event.isHidden === ctx.state.presence.isHidden) return;
      return ctx.setSlice('presence', { isHidden: event.isHidden, mustTell: true });
    case 'setIdle':
      if (event.isIdle === ctx.state.presence.isIdle) return;
      return ctx.setSlice('presence', { isIdle: event.isIdle, mustTell: true });
    case 'setTyping':
      return onSetTyping(ctx, event.conversationId, event.isTyping);
  }
}

function onOpen(ctx: Context, conversationId: string): void {
  if (ctx.state.conversations.opened.has(conversationId)) return;
  const isFollowed =
    conversationId === ctx.state.account.lobbyId && ctx.state.feeds.get(conversationId)?.cursor !== undefined;
  ctx.setSlice('conversations', {
    opened: withItem(ctx.state.conversations.opened, conversationId),
    ...(!isFollowed && { toOpen: withItem(ctx.state.conversations.toOpen, conversationId) }),
  });
}

/** Closes a conversation. For a room the server is told, because it shows who has it open. */
function onClose(ctx: Context, conversationId: string): void {
  if (!ctx.state.conversations.opened.has(conversationId)) return;
  ctx.setSlice('conversations', { opened: withoutItem(ctx.state.conversations.opened, conversationId) });
  const isRoom = ctx.state.feeds.get(conversationId)?.conversation.kind === 'room';
  if (isRoom && ctx.state.connection.status === 'open') tellOffScreen(ctx, conversationId);
}

function tellOffScreen(ctx: Context, conversationId: string): void {
  ctx.request('presence:set', { offScreen: conversationId }, { kind: 'hide' });
}

/** Asks for the count of a room on screen. Otherwise tells the server that it is not on screen. */
function onRoomOpened(ctx: Context, conversationId: string): void {
  if (ctx.state.conversations.opened.has(conversationId)) planCount(ctx);
  else tellOffScreen(ctx, conversationId);
}

function onFactReceived(ctx: Context, { socket, fact }: EventOf<'factReceived'>): void {
  if (socket !== ctx.state.connection.socket || ctx.state.connection.status !== 'open') return;
  switch (fact.name) {
    case 'conversation:changed':
      return onFrame(ctx, fact.payload);
    case 'personal:changed':
      return onPersonalFrame(ctx, fact.payload);
    case 'presence:changed':
      return onPresence(ctx, fact.payload);
    case 'status:changed':
      return onStatus(ctx, fact.payload);
    case 'read:changed':
      return onReadMarks(ctx, fact.payload);
    case 'typing:changed':
      return onTyping(ctx, fact.payload);
    case 'session:revoked':
      return endSession(ctx, { code: 'session_ended', message: fact.payload.reason });
    case 'server:draining':
      return ctx.setConnection({ drainAt: ctx.now + fact.payload.reconnectAfterMs });
  }
}

function onAnswered(ctx: Context, { socket, requestId, outcome }: EventOf<'answered'>): void {
  if (socket !== ctx.state.connection.socket) return;
  const pending = ctx.state.requests.pending.get(requestId);
  if (!pending) return;
  ctx.setSlice('requests', { pending: withoutKey(ctx.state.requests.pending, requestId) });
  switch (pending.kind) {
    case 'sync':
      return onSyncAnswered(ctx, pending.conversationIds, pending.sentAt, outcome as Outcome<SyncReply>);
    case 'open':
      onOpenAnswered(ctx, pending, outcome as Outcome<OpenReply>);
      if (outcome.ok && (outcome.data as OpenReply).conversation.kind === 'room')
        onRoomOpened(ctx, pending.conversationId);
      return replayPendingFrames(ctx, pending.conversationId);
    case 'page':
      return onPageAnswered(ctx, pending.conversationId, requestId, outcome as Outcome<HistoryReply>);
    case 'jumpWindow':
      return onWindowAnswered(ctx, pending.conversationId, requestId, outcome as Outcome<HistoryReply>);
    case 'entry':
      return onEntryAnswered(ctx, pending.entryId, outcome as Outcome<Message>);
    case 'read':
      if (!outcome.ok) onReadFailed(ctx, pending.conversationId, outcome.error);
      break;
    case 'draft':
      onDraftAnswered(ctx, pending, outcome as Outcome<RequestReply<'draft:set'>>);
      break;
    case 'lookup':
      if (outcome.ok) learnUsers(ctx, (outcome.data as RequestReply<'user:lookup'>).users);
      break;
    case 'count':
      if (outcome.ok) onCount(ctx, pending.conversationId, outcome.data as RequestReply<'presence:list'>);
      break;
    case 'renew':
      if (!outcome.ok) onRenewFailed(ctx, outcome.error);
      // The sync notices a dead connection.
      if (!outcome.ok && !outcome.error) askForSync(ctx);
      break;
    case 'hide':
    case 'typing':
      break;
  }
  if (!outcome.ok && outcome.error) onRequestRefused(ctx, outcome.error);
}

function trim(ctx: Context): void {
  for (const [id, feed] of ctx.state.feeds) ctx.setFeed(id, trimFeed(feed));
}
