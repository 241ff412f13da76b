import type { en } from './en';

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** Keys of a dictionary; every language has all of them. */
export type Dictionary = Texts<typeof en>;
