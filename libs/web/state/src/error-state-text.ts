import type { ConnectionView } from '@cloudhop/sdk';
import type { MascotPose } from '@cloudhop/web/ui';
import { connectionReason, mustWait } from './connection-reason';

/** Keys of the dictionary. Without a button it goes on by itself. */
export interface ErrorStateText {
  pose: MascotPose;
  title: string;
  text: string;
  button?: string;
  /** Offered to whoever is not logged in. */
  hasLogIn?: true;
  /** Only a reload helps. */
  isOver: boolean;
}

/** Says what ended with this code, or without one what keeps the page from its server. */
export function errorStateText(code: string | undefined, connection: ConnectionView): ErrorStateText {
  const over = { button: 'state.reload', isOver: true } as const;
  switch (code) {
    case undefined:
      return unreachableWords(connection);
    case 'foreign_origin':
      return {
        ...over,
        pose: 'error',
        title: 'unreachable.foreign_origin.title',
        text: 'unreachable.foreign_origin.text',
      };
    case 'upgrade_required':
      return { ...over, pose: 'found', title: 'state.upgradeTitle', text: 'state.upgradeText' };
    case 'session_ended':
    case 'unauthenticated':
      return {
        ...over,
        pose: 'goodbye',
        title: 'state.signedOutTitle',
        text: 'state.signedOutText',
        button: 'state.asGuest',
        hasLogIn: true,
      };
    case 'banned':
      return { ...over, pose: 'error', title: 'state.bannedTitle', text: 'errors.banned' };
    default:
      return { ...over, pose: 'error', title: 'state.brokenTitle', text: `errors.${code}` };
  }
}

function unreachableWords(connection: ConnectionView): ErrorStateText {
  const reason = connectionReason(connection);
  const button = mustWait(reason) ? {} : { button: 'state.retry' };
  if (!reason)
    return {
      ...button,
      pose: 'offline',
      title: 'state.unreachableTitle',
      text: 'state.unreachableText',
      isOver: false,
    };
  return {
    ...button,
    pose: 'waiting',
    title: `unreachable.${reason}.title`,
    text: `unreachable.${reason}.text`,
    // Whoever has an account need not wait until there is room for a new guest.
    ...(reason === 'rate_limited' && { hasLogIn: true }),
    isOver: false,
  };
}
