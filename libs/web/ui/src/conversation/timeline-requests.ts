import type { MessageCommand } from './message-menu';
import type { MessageRow } from './rows';

/** Request to open something at a message. `names`: the users who reacted. */
export interface RowRequest {
  what: 'menu' | 'picker' | 'receipt' | 'names';
  row: MessageRow;
  point: { x: number; y: number };
  anchor: DOMRect;
}

/** Request to show a user's card. */
export interface AuthorRequest {
  userId: string;
  anchor: DOMRect;
}

/** Command without the menu: by a key, a swipe, or a button of the message. */
export interface CommandRequest {
  command: MessageCommand;
  row: MessageRow;
  anchor: DOMRect;
}

/** Paths of the page; all others belong to the server. */
const screens = /^\/(?:lobby|rooms|r|chats|c|friends|u|settings)(?:\/|$)/;

/**
 * Returns the path of a link into this page that a plain click follows; undefined for all other clicks, which are the
 * browser's.
 */
export function pathOf({ target, button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a') : null;
  const isPlain = button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);
  if (!link || !isPlain || link.origin !== location.origin || !screens.test(link.pathname)) return undefined;
  // With the fragment: it holds the secret of an invitation.
  return link.pathname + link.search + link.hash;
}

/** Returns the rectangle of the control that was used, or of the element pressed inside it. */
export function anchorOf({ currentTarget, target }: Event): DOMRect {
  return (currentTarget instanceof HTMLElement ? currentTarget : (target as HTMLElement)).getBoundingClientRect();
}
