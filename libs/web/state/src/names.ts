import type { AvatarColor, User } from '@cloudhop/contracts';

/** User as the page draws them. */
export interface NamedPerson {
  id: string;
  name: string;
  /** Name from which the avatar's letter is taken; for guests without a name the tag. */
  initial: string;
  tag?: string;
  /** The @username of a member whose display name is not unique. */
  handle?: string;
  color?: AvatarColor;
}

/** Texts for users without a name to show. */
export interface NameWords {
  guest: string;
  /** Text for a deleted account. */
  gone: string;
}

/** Returns whether a user has a name of their own: the server calls a new guest "Guest" and the tag. */
export function hasOwnName(user: User): boolean {
  return user.kind !== 'guest' || user.displayName !== `Guest ${user.tag ?? ''}`;
}

/** Returns one line that tells people of one name apart. */
export function nameWithTag({ name, tag, handle }: NamedPerson): string {
  const beside = tag === undefined ? handle : `#${tag}`;
  return beside === undefined ? name : `${name} ${beside}`;
}

/** Confusable letters of Latin, Cyrillic and Greek, and digits; each resembles the first of its line. */
const lookAlikes = [
  'lI1|ІΙӀ',
  'o0ОоΟο',
  'aаΑАα',
  'bВΒ',
  'cсС',
  'eеЕΕ',
  'hНΗһ',
  'iіι',
  'jјЈ',
  'kКΚкκ',
  'mМΜм',
  'nΝп',
  'pрРΡρ',
  'sѕЅ',
  'tТΤтτ',
  'xхХΧχ',
  'yуУΥγ',
  'zΖ',
  'vνѵ',
  'wѡω',
  'dԁ',
  'gɡ',
];
const letterOf = new Map(lookAlikes.flatMap(([first = '', ...others]) => others.map((other) => [other, first])));

/** Returns the skeleton of a name: without case, width, accents' order, spaces, signs, and invisible characters. */
function lookOf(name: string): string {
  const shown = name.normalize('NFKC').replace(/[\p{Z}\p{P}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '');
  return [...shown]
    .map((letter) => letterOf.get(letter) ?? letter)
    .join('')
    .toLowerCase()
    .replace(/[il]/g, 'l');
}

/** Skeletons of each user's names; a changed user is another object. */
const looks = new WeakMap<User, readonly string[]>();

function looksOf(user: User): readonly string[] {
  const known = looks.get(user);
  if (known) return known;
  const names = user.isGone ? [] : [user.displayName, ...(user.username === undefined ? [] : [user.username])];
  const found = [...new Set(names.map(lookOf))];
  looks.set(user, found);
  return found;
}

/** Skeletons of names that more than one user has, as a display name or a username. */
export type RepeatedNames = Pick<ReadonlySet<string>, 'has'>;

/** Returns the names that repeat among the users, each of whom is given once. */
export function repeatedNames(users: Iterable<User>): RepeatedNames {
  const [seen, repeated] = [new Set<string>(), new Set<string>()];
  for (const user of users)
    for (const look of looksOf(user)) {
      if (seen.has(look)) repeated.add(look);
      seen.add(look);
    }
  return repeated;
}

const none: RepeatedNames = new Set<string>();

/**
 * Returns the name to draw, with the username beside it if it is one of `repeated`. Deleted users have no name, tag or
 * colour.
 */
export function namedPerson(user: User, words: NameWords, repeated: RepeatedNames = none): NamedPerson {
  if (user.isGone) {
    const word = user.kind === 'member' ? words.gone : words.guest;
    return { id: user.id, name: word, initial: word };
  }
  const isNamed = hasOwnName(user);
  return {
    id: user.id,
    name: isNamed ? user.displayName : words.guest,
    initial: isNamed ? user.displayName : (user.tag ?? words.guest),
    ...(user.tag !== undefined && { tag: user.tag }),
    ...(user.username !== undefined && repeated.has(lookOf(user.displayName)) && { handle: `@${user.username}` }),
    ...(user.color !== undefined && { color: user.color }),
  };
}
