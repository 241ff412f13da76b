export { MentionLookup } from './mention-lookup';
export { People } from './people';
export { PersonCardOverlay } from './person-card-overlay';
