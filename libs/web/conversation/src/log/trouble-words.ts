import type { ConnectionView } from '@cloudhop/sdk';
import type { MascotPose } from '@cloudhop/web/ui';

/** Keys of the dictionary. Without a button it goes on by itself. */
export interface TroubleWords {
  pose: MascotPose;
  title: string;
  text: string;
  button?: string;
  /** Only a reload helps. */
  isOver: boolean;
}

/** Says what ended with this code, or without one why the server does not let the device in. */
export function troubleWords(code: string | undefined, refusal: ConnectionView['refusal']): TroubleWords {
  const over = { button: 'state.reload', isOver: true } as const;
  switch (code) {
    case undefined:
      return waitWords(refusal?.code);
    case 'upgrade_required':
      return { ...over, pose: 'found', title: 'state.upgradeTitle', text: 'state.upgradeText' };
    case 'session_ended':
    case 'unauthenticated':
      return {
        ...over,
        pose: 'goodbye',
        title: 'state.signedOutTitle',
        text: 'state.signedOutText',
        button: 'state.comeBack',
      };
    case 'banned':
      return { ...over, pose: 'error', title: 'state.bannedTitle', text: 'errors.banned' };
    default:
      return { ...over, pose: 'error', title: 'state.brokenTitle', text: `errors.${code}` };
  }
}

function waitWords(code: string | undefined): TroubleWords {
  const wait = { pose: 'offline', isOver: false } as const;
  // An attempt by hand would be refused again.
  if (code === 'rate_limited') return { ...wait, title: 'state.crowdedTitle', text: 'state.crowdedText' };
  if (code === 'overloaded') return { ...wait, title: 'state.busyTitle', text: 'state.busyText' };
  return { ...wait, title: 'state.unreachableTitle', text: 'state.unreachableText', button: 'state.retry' };
}
