// An entrance of its own: what comes through the library's first one is part of the first load.
export { AvatarPresences } from './avatar-presences';
export { onlineFirst } from './online-first';
export { PresenceText } from './presence-text';
