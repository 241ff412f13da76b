import type { en } from './en';
import type { enGroups } from './en-groups';
import type { enMessages } from './en-messages';
import type { enNotices } from './en-notices';
import type { enPeople } from './en-people';
import type { enRooms } from './en-rooms';
import type { enSearch } from './en-search';

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** What every language has to say. */
export type Dictionary = Texts<typeof en>;
/** The part of it that is about people. */
export type PeopleDictionary = Texts<typeof enPeople>;
/** The part of it that is about groups, typing, receipts and what is new. */
export type GroupsDictionary = Texts<typeof enGroups>;
/** The part of it that is about presence and notices. */
export type NoticesDictionary = Texts<typeof enNotices>;
/** The part of it that is about finding, pins, keys, slow mode and API tokens. */
export type SearchDictionary = Texts<typeof enSearch>;
/** The part of it that is about what is done with messages. */
export type MessagesDictionary = Texts<typeof enMessages>;
/** The part of it that is about rooms. */
export type RoomsDictionary = Texts<typeof enRooms>;
