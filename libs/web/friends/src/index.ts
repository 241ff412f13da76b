export { Friends } from './friends';
export { ProfilePage } from './profile-page';
