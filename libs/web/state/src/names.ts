import type { AvatarColor, User } from '@cloudhop/contracts';

/** A person as the page draws them. */
export interface NamedPerson {
  id: string;
  name: string;
  /** What the avatar's letter is taken from: guests without a name differ by their tag. */
  initial: string;
  tag?: string;
  /** The username with its @, of a member whose name others have too. */
  handle?: string;
  color?: AvatarColor;
}

/** The page's own words for people who have no name to show. */
export interface NameWords {
  guest: string;
  /** Somebody whose account was deleted. */
  gone: string;
}

/** Whether a guest has not chosen a name yet: the server then calls them "Guest" and the tag. */
export function hasOwnName(user: User): boolean {
  return user.kind !== 'guest' || user.displayName !== `Guest ${user.tag ?? ''}`;
}

/** Returns one line that tells people of one name apart. */
export function nameWithTag({ name, tag, handle }: NamedPerson): string {
  const beside = tag === undefined ? handle : `#${tag}`;
  return beside === undefined ? name : `${name} ${beside}`;
}

/** Letters that look like one of the first in their line: of Latin, Cyrillic and Greek, and digits. */
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

/** Returns what a name looks like: without case, width, accents' order, spaces, signs, and what shows as nothing. */
function lookOf(name: string): string {
  const shown = name.normalize('NFKC').replace(/[\p{Z}\p{P}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '');
  return [...shown]
    .map((letter) => letterOf.get(letter) ?? letter)
    .join('')
    .toLowerCase()
    .replace(/[il]/g, 'l');
}

/** Looks of each user's names: a user who changes is another object. */
const looks = new WeakMap<User, readonly string[]>();

function looksOf(user: User): readonly string[] {
  const known = looks.get(user);
  if (known) return known;
  const names = user.isGone ? [] : [user.displayName, ...(user.username === undefined ? [] : [user.username])];
  const found = [...new Set(names.map(lookOf))];
  looks.set(user, found);
  return found;
}

/** Names, by their look, that more than one of the users has, be it as a display name or as a username. */
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
 * Returns the name to draw, with the username beside it if it is one of `repeated`. Who is gone has none, and nothing
 * else of theirs is drawn either.
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
