export { LogInPage } from './account/log-in-page';
export { Settings } from './settings';
