export { isTextField } from './help-shortcut';
export { isSearchShortcut } from './search-shortcut';
export { ShortcutsOverlay } from './shortcuts-overlay';
export { isSwitcherShortcut } from './switcher-shortcut';
export { isTypingKey } from './typing-key';
