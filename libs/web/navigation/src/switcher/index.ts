// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { QuickSwitcher } from './quick-switcher';
