import type { AvatarColor, User } from '@cloudhop/contracts';

/** A person as the page draws them. */
export interface NamedPerson {
  id: string;
  name: string;
  /** What the avatar's letter is taken from: guests without a name differ by their tag. */
  initial: string;
  tag?: string;
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

/** One line that tells one guest from another. */
export function nameWithTag({ name, tag }: NamedPerson): string {
  return tag === undefined ? name : `${name} #${tag}`;
}

/** The name to draw. Who is gone has none, and nothing else of theirs is drawn either. */
export function namedPerson(user: User, words: NameWords): NamedPerson {
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
    ...(user.color !== undefined && { color: user.color }),
  };
}
