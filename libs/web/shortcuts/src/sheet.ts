// An entrance of its own: what comes through the library's first one is part of the first load.
export { ShortcutsSheet } from './shortcuts-sheet';
