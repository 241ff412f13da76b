// An entrance of its own: what comes through the library's first one is part of the first load.
export { matchSwitcherItems, type SwitcherItem } from './match-switcher-items';
export { SwitcherItemList } from './switcher-item-list';
export { SwitcherItems } from './switcher-items';
