// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { NotificationLevelButton } from './notification-level-button';
export { playNotificationSound } from './notification-sound';
