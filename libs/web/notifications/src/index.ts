export { NotificationStarter } from './notification-starter';
