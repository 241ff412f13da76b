// Secondary entry point: everything exported from the main one is part of the initial bundle.
export { AvatarPresences } from './avatar-presences';
export { onlineFirst } from './online-first';
export { PresenceText } from './presence-text';
