import type { ConnectionView } from '@cloudhop/sdk';
import type { MascotPose } from '@cloudhop/web/ui';
import { connectionReason, mustWait } from './connection-reason';

/** Translation keys. Without a button the page retries by itself. */
export interface ErrorStateText {
  pose: MascotPose;
  title: string;
  text: string;
  button?: string;
  /** Offers to log in, to users who are not logged in. */
  hasLogIn?: true;
  /** True if only a reload helps. */
  isOver: boolean;
}

/** Returns the text for a fatal error, or without a code for the failing connection. */
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
    // Users with an account don't have to wait for a guest slot.
    ...(reason === 'rate_limited' && { hasLogIn: true }),
    isOver: false,
  };
}
