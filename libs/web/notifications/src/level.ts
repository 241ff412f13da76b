// An entrance of its own: what comes through the library's first one is part of the first load.
export { NotificationLevelButton } from './notification-level-button';
export { playNotificationSound } from './notification-sound';
