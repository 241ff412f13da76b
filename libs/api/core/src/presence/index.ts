export { type PresencePage, PresenceRegistry } from './presence-registry';
export { PresenceModule } from './presence.module';
export { PresenceGathering, type PresenceNews } from './presence-gathering';
