import type { en } from './en';
import type { enGroups } from './en-groups';
import type { enMessages } from './en-messages';
import type { enNotices } from './en-notices';
import type { enPeople } from './en-people';
import type { enRooms } from './en-rooms';
import type { enSearch } from './en-search';

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** Keys of a dictionary; every language has all of them. */
export type Dictionary = Texts<typeof en>;
/** Part of the dictionary about people. */
export type PeopleDictionary = Texts<typeof enPeople>;
/** Part of the dictionary about groups, typing, receipts and new messages. */
export type GroupsDictionary = Texts<typeof enGroups>;
/** Part of the dictionary about presence and notifications. */
export type NoticesDictionary = Texts<typeof enNotices>;
/** Part of the dictionary about search, pins, shortcuts, slow mode and API tokens. */
export type SearchDictionary = Texts<typeof enSearch>;
/** Part of the dictionary about actions on messages. */
export type MessagesDictionary = Texts<typeof enMessages>;
/** Part of the dictionary about rooms. */
export type RoomsDictionary = Texts<typeof enRooms>;
