import type { en } from './en';
import type { enPeople } from './en-people';

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** What every language has to say. */
export type Dictionary = Texts<typeof en>;
/** The part of it that is about people. */
export type PeopleDictionary = Texts<typeof enPeople>;
