export { type PresencePage, PresenceRegistry } from './presence-registry';
export { PresenceDirectory, type StatusChange } from './presence-directory';
export { PresenceModule } from './presence.module';
export { PresenceGathering, type PresenceChanges } from './presence-gathering';
