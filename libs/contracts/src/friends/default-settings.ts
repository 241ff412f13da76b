import type { PersonalSettings } from './resources';

/** Personal settings before a user changes them. This file has no schemas, so that pages can import it cheaply. */
export const defaultSettings: PersonalSettings = {
  whoMayMessage: 'friends',
  acceptsRequests: true,
  appearsOffline: false,
  showsLastSeen: true,
  sendsReceipts: true,
};
