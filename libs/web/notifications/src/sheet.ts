// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { NotificationLevelSheet } from './notification-level-sheet';
