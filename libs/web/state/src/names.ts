import type { User } from '@cloudhop/contracts';

/** A person as the page draws them. */
export interface NamedPerson {
  id: string;
  name: string;
  /** What the avatar's letter is taken from: guests without a name differ by their tag. */
  initial: string;
  tag?: string;
}

/** Whether a guest has not chosen a name yet: the server then calls them "Guest" and the tag. */
export function hasOwnName(user: User): boolean {
  return user.kind !== 'guest' || user.displayName !== `Guest ${user.tag ?? ''}`;
}

/** The name to draw, with the page's own word for a guest without one. */
export function namedPerson(user: User, guestWord: string): NamedPerson {
  const isNamed = hasOwnName(user);
  return {
    id: user.id,
    name: isNamed ? user.displayName : guestWord,
    initial: isNamed ? user.displayName : (user.tag ?? guestWord),
    ...(user.tag !== undefined && { tag: user.tag }),
  };
}
