import type { ClientView, ConnectionView, Inspection } from '../view';
import { isCaughtUp } from './connection';
import type { State } from './state';
import type { Summaries } from './summaries';
import { pendingDeletions } from './timeline';

/** What the person may be told of the state at `now`. */
export function toView(state: State, now: number, summaries: Summaries): ClientView {
  const me = state.userId === undefined ? undefined : state.users.get(state.userId);
  return {
    connection: toConnection(state, now),
    ...(me && { me }),
    ...(state.lobbyId !== undefined && { lobbyId: state.lobbyId }),
    users: state.users,
    conversations: summaries.all(state),
    gone: state.gone,
    friends: state.personal.friends,
    blocks: state.personal.blocks,
    settings: state.personal.settings,
    deletions: pendingDeletions(state, now),
    isHidden: state.isHidden,
  };
}

/** Cursors and outbox at `now`. */
export function toInspection(state: State, now: number): Inspection {
  const { epoch, personalRev, feeds, outbox } = state;
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
  const { status, retryAt, attempts, fatal } = state.connection;
  const rest = { attempts, ...(fatal && { fatal }) };
  if (status === 'open') return { phase: isCaughtUp(state) ? 'live' : 'catchingUp', ...rest };
  const isTrying =
    status === 'opening' || (status === 'waiting' && (state.session.asking !== undefined || retryAt <= now));
  if (isTrying) return { phase: 'connecting', ...rest };
  return { phase: 'offline', ...(status === 'waiting' && { retryAt }), ...rest };
}
