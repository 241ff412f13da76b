// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { matchSwitcherItems, type SwitcherItem } from './match-switcher-items';
export { SwitcherItemList } from './switcher-item-list';
export { SwitcherItems } from './switcher-items';
