import type { MessageCommand } from './message-menu';
import type { MessageRow } from './rows';

/** A wish for something that opens at a message. `names`: who reacted. */
export interface RowRequest {
  what: 'menu' | 'picker' | 'receipt' | 'names';
  row: MessageRow;
  point: { x: number; y: number };
  anchor: DOMRect;
}

/** A wish to see who somebody is. */
export interface AuthorRequest {
  userId: string;
  anchor: DOMRect;
}

/** A command without its menu: by a key, a finger, or a button of the message. */
export interface CommandRequest {
  command: MessageCommand;
  row: MessageRow;
  anchor: DOMRect;
}

/** What the page itself shows; the rest of its address belongs to the server. */
const screens = /^\/(?:lobby|rooms|r|chats|c|friends|u|settings)(?:\/|$)/;

/** The path of a link into this page that a plain click follows; everything else is the browser's. */
export function pathOf({ target, button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): string | undefined {
  const link = target instanceof Element ? target.closest('a') : null;
  const isPlain = button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);
  if (!link || !isPlain || link.origin !== location.origin || !screens.test(link.pathname)) return undefined;
  // With what follows it: an invitation has its secret there.
  return link.pathname + link.search + link.hash;
}

/** Where the control stands that was used, or what was pressed inside of it. */
export function anchorOf({ currentTarget, target }: Event): DOMRect {
  return (currentTarget instanceof HTMLElement ? currentTarget : (target as HTMLElement)).getBoundingClientRect();
}
