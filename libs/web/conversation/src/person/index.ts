// An entrance of its own: what comes through the library's first one is part of the first load.
export { chime } from '../news/chime';
export { NoticeButton } from '../news/notice-button';
export { NoticeLevel } from '../news/notice-level';
export { hereFirst } from './here-first';
export { NameForm } from './name-form';
export { PersonActions } from './person-actions';
export { PersonHead } from './person-head';
export { Presence } from './presence';
export { Presences } from './presences';
export { injectProfile } from './profile-of';
export { ShareLink } from './share-link';
