// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { injectProfile } from './inject-profile';
export { MemberAction, MemberItem } from './member-item';
export { NameForm } from './name-form';
export { PersonActions } from './person-actions';
export { PersonHeader } from './person-header';
export { ShareLink } from './share-link';
