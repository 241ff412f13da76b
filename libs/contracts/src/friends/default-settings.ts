import type { PersonalSettings } from './resources';

/** As everyone has them before changing them. In a file without schemas, which pages would get along with it. */
export const defaultSettings: PersonalSettings = {
  whoMayMessage: 'friends',
  acceptsRequests: true,
  appearsOffline: false,
  showsLastSeen: true,
  sendsReceipts: true,
};
