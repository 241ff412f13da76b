// An entrance of its own: what comes through the library's first one is part of the first load.
export { injectProfile } from './inject-profile';
export { MemberAction, MemberItem } from './member-item';
export { NameForm } from './name-form';
export { PersonActions } from './person-actions';
export { PersonHeader } from './person-header';
export { ShareLink } from './share-link';
