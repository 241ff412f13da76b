// An entrance of its own: what comes through the library's first one is part of the first load.
export { PersonActions } from './person-actions';
export { PersonHead } from './person-head';
export { injectProfile } from './profile-of';
